#include "reports/junit_names.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace dialtone::junit {
namespace {

std::vector<std::string> claimed(const std::vector<std::string>& wanted) {
  Names names;
  for (const auto& name : wanted) names.expect("suite", name);
  std::vector<std::string> given;
  for (const auto& name : wanted) given.push_back(names.claim("suite", name));
  return given;
}

TEST(JunitNamesTest, NamesThatComeOnceStay) {
  EXPECT_EQ(claimed({"a", "b", "a [2]"}), (std::vector<std::string>{"a", "b", "a [2]"}));
}

TEST(JunitNamesTest, TheSecondOfAKindGetsANumberThatNobodyHas) {
  EXPECT_EQ(claimed({"a", "a", "a [2]", "a", "a [2]"}),
            (std::vector<std::string>{"a", "a [3]", "a [2]", "a [4]", "a [2] [2]"}));
}

TEST(JunitNamesTest, TheSameNameInTwoClassesIsNoRepetition) {
  Names names;
  names.expect("one", "a");
  names.expect("two", "a");
  EXPECT_FALSE(names.has_repetitions());
  EXPECT_EQ(names.claim("one", "a"), "a");
  EXPECT_EQ(names.claim("two", "a"), "a");
}

TEST(JunitNamesTest, ClaimsCanBeMadeAgain) {
  Names names;
  for (int i = 0; i < 2; ++i) names.expect("suite", "a");
  EXPECT_TRUE(names.has_repetitions());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(names.claim("suite", "a"), "a");
    EXPECT_EQ(names.claim("suite", "a"), "a [2]");
    names.restart();
  }
}

// So many that names are taken for repeated which are not.
TEST(JunitNamesTest, AllStayUniqueWhereTheFilterIsCrowded) {
  constexpr int kMany = 300'000;
  Names names;
  for (int i = 0; i < kMany; ++i) names.expect("suite", std::to_string(i));
  for (int i = 0; i < kMany; i += 1000) names.expect("suite", std::to_string(i));
  std::set<std::string> given;
  for (int i = 0; i < kMany; ++i)
    EXPECT_EQ(names.claim("suite", std::to_string(i)), std::to_string(i));
  for (int i = 0; i < kMany; i += 1000) {
    const auto name = names.claim("suite", std::to_string(i));
    EXPECT_TRUE(name.starts_with(std::to_string(i) + " [")) << name;
    EXPECT_TRUE(given.insert(name).second) << name;
  }
}

}  // namespace
}  // namespace dialtone::junit
