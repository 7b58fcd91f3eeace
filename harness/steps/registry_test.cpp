#include "harness/steps/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "harness/model/json_source.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;

TEST(RegistryTest, EachVerbStandsOnce) {
  std::set<std::string_view> verbs;
  for (const auto* spec : step_registry())
    EXPECT_TRUE(verbs.insert(spec->verb).second) << spec->verb;
  EXPECT_EQ(verbs.size(), step_registry().size());
}

TEST(RegistryTest, EachVerbsFirstFieldIsItsMainArgument) {
  for (const auto* spec : step_registry()) {
    ASSERT_FALSE(spec->fields.empty()) << spec->verb;
    EXPECT_EQ(spec->fields.front().name, spec->verb);
    EXPECT_TRUE(spec->fields.front().required) << spec->verb;
  }
}

TEST(RegistryTest, EachFieldIsExplained) {
  for (const auto* spec : step_registry()) {
    EXPECT_FALSE(spec->summary.empty()) << spec->verb;
    for (const auto& field : spec->fields)
      EXPECT_FALSE(field.summary.empty()) << spec->verb << "." << field.name;
  }
}

TEST(RegistryTest, AnExampleUsesOnlyFieldsThatThereAre) {
  for (const auto* spec : step_registry()) {
    Diagnostics diagnostics;
    const auto example = parse_json("example", spec->example, diagnostics);
    ASSERT_TRUE(example && diagnostics.empty()) << spec->verb;
    EXPECT_NE(example->find(spec->verb), nullptr) << spec->verb;
    for (const auto& member : example->members)
      EXPECT_NE(find_field(*spec, member.key), nullptr) << spec->example;
  }
}

// The names that the examples use are given by these steps.
constexpr const char* kNames =
    R"({"listen": "desk"}, {"connect": "c"}, {"connect": "a"}, {"connect": "b"}, {"socket": "s"},
                                  {"connect": "u", "over": "udp"}, {"spawn": "caller"},
                                  {"measure": "descriptors", "as": "base"},
                                  {"repeat": 10, "steps": [{"expect": "x", "timed": "reply", "on": "c"}]}, )";

TEST(RegistryTest, EachExampleLoads) {
  for (const auto* spec : step_registry()) {
    const std::string example(spec->example);
    if (spec->verb == "use") continue;  // its fragment is the suite's; use_test.cpp
    const auto mistakes = mistakes_of(kNames + example);
    const bool names_anew = mistakes.find("is already in use") != std::string::npos;
    if (names_anew) continue;  // it stands among the names
    EXPECT_EQ(mistakes, "") << example;
  }
}

TEST(RegistryTest, AMisspeltVerbIsFound) {
  EXPECT_THAT(mistakes_of(R"({"expct": "x"})"), HasSubstr("did you mean 'expect'?"));
}

}  // namespace
}  // namespace dialtone
