#include "harness/model/exit_codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone {
namespace {

std::vector<int> accepted(const std::string& text) {
  const auto codes = parse_exit_codes(text);
  std::vector<int> all;
  for (const int code : {0, 1, 7, 52, 255}) {
    if (codes && codes->accepts(code)) all.push_back(code);
  }
  return all;
}

TEST(ExitCodesTest, ATextSaysWhichAreAccepted) {
  EXPECT_EQ(accepted("7"), std::vector({7}));
  EXPECT_EQ(accepted("7,52"), std::vector({7, 52}));
  EXPECT_EQ(accepted("7, 52"), std::vector({7, 52}));
  EXPECT_EQ(accepted("nonzero"), std::vector({1, 7, 52, 255}));
  EXPECT_EQ(accepted("any"), std::vector({0, 1, 7, 52, 255}));
  EXPECT_EQ(accepted("not 0,7"), std::vector({1, 52, 255}));
  EXPECT_EQ(accepted("not nonzero"), std::vector({0}));
}

TEST(ExitCodesTest, OtherTextsAreNone) {
  for (const auto* text : {"", "no", "256", "-1", "7,", ",7", "7 52", "not", "not ", "not any",
                           "not not any", "not not not 1", "7x", "${a}"})
    EXPECT_EQ(parse_exit_codes(text), std::nullopt) << text;
}

TEST(ExitCodesTest, TheirTextIsReadAsTheSame) {
  for (const auto* text : {"7", "7,52", "not 0", "not 7,52", "any"}) {
    const auto codes = parse_exit_codes(text);
    ASSERT_TRUE(codes) << text;
    EXPECT_EQ(to_text(*codes), text);
  }
}

TEST(ExitCodesTest, AreDescribed) {
  EXPECT_EQ(describe({{7, 52}}), "exit code 7 or 52");
  EXPECT_EQ(describe({{0}, true}), "an exit code other than 0");
  EXPECT_EQ(describe({{}, true}), "an exit code, and no signal");
}

}  // namespace
}  // namespace dialtone
