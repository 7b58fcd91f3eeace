#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/model/load_suite.hpp"
#include "harness/model/scenario.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StrEq;

struct Loaded {
  std::vector<std::string> steps;  ///< "label text"
  std::string shown;               ///< the mistakes
};

/// A suite whose scenario begins in line 3.
Loaded load(const std::string& fragments, const std::string& steps) {
  Diagnostics diagnostics;
  const auto text = fmt::format(
      "{{\"suite\": \"s\", \"fragments\": {{\n{}}}, \"scenarios\": [{{\"id\": \"a\", \"steps\": "
      "[\n{}]}}]}}",
      fragments, steps);
  const auto suite = load_suite("s.json", text, {step_registry(), {}}, diagnostics);
  Loaded loaded;
  for (const auto& scenario : suite->scenarios)
    for (const auto& step : scenario.steps) loaded.steps.push_back(step.label + " " + step.text);
  for (const auto& diagnostic : diagnostics) loaded.shown += render(diagnostic);
  return loaded;
}

TEST(UseTest, DoesTheFragmentsSteps) {
  const auto [steps, shown] = load(R"("served": [{"connect": "c"}, {"send": "x"}])",
                                   R"({"use": "served"}, {"close": "c"})");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_THAT(
      steps, ElementsAre(R"(1.1 {"connect": "c"})", R"(1.2 {"send": "x"})", R"(2 {"close": "c"})"));
}

TEST(UseTest, ArgumentsAreValuesOfAnyKindAndPartsOfTexts) {
  const auto [steps, shown] =
      load(R"("ask": [{"connect": "c${n}"}, {"send": "${what}", "on": "c${n}"}])",
           R"({"use": "ask", "with": {"n": 7, "what": {"hex": "00"}}})");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_THAT(
      steps, ElementsAre(R"(1.1 {"connect": "c7"})", R"(1.2 {"send": {"hex": "00"}, "on": "c7"})"));
}

TEST(UseTest, ArgumentsGoOnIntoFragmentsThatItUses) {
  const auto [steps, shown] =
      load(R"("outer": [{"use": "inner", "with": {"b": "${a}"}}], "inner": [{"connect": "${b}"}])",
           R"({"use": "outer", "with": {"a": "x"}})");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_THAT(steps, ElementsAre(R"(1.1.1 {"connect": "x"})"));
}

// What a fragment's own counter means does not depend on who uses it.
TEST(UseTest, AFragmentsCounterIsItsOwn) {
  const auto [steps, shown] = load(
      R"("twice": [{"repeat": 2, "steps": [{"set": "x", "to": "${round}"}]}, {"set": "y", "to": "${n}"}])",
      R"({"repeat": 1, "steps": [{"use": "twice", "with": {"n": "${round}"}}]})");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_THAT(steps, ElementsAre(R"(1.1.1.1.1.1 {"set": "x", "to": "1"})",
                                 R"(1.1.1.1.2.1 {"set": "x", "to": "2"})",
                                 R"(1.1.1.2 {"set": "y", "to": "1"})"));
}

TEST(UseTest, AnUnknownOneGetsAHint) {
  EXPECT_THAT(load(R"("served": [{"connect": "c"}])", R"({"use": "serve"})").shown,
              StrEq("s.json:3:9: unknown fragment 'serve'\n  hint: did you mean 'served'?\n"));
  EXPECT_THAT(load("", R"({"use": "x"})").shown,
              StrEq("s.json:3:9: unknown fragment 'x'\n"
                    "  hint: the suite's \"fragments\" give steps a name\n"));
}

TEST(UseTest, AnArgumentThatStandsForNothingIsAMistake) {
  const auto fragment = R"("served": [{"connect": "c"}, {"send": "$${x}"}])";
  for (const auto* name : {"x", "conect", "c", ""})
    EXPECT_THAT(
        load(fragment, fmt::format(R"({{"use": "served", "with": {{"{}": 1}}}})", name)).shown,
        StrEq(fmt::format("s.json:3:28: the fragment has no '${{{}}}' that this could stand for\n",
                          name)));
}

TEST(UseTest, OctetsCannotStandInsideAText) {
  EXPECT_THAT(
      load(R"("ask": [{"connect": "c"}, {"send": "<${what}>"}])",
           R"({"use": "ask", "with": {"what": {"hex": "00"}}})")
          .shown,
      StrEq("s.json:3:33: '${what}' stands inside a longer text in the fragment, so it "
            "cannot be an object\n"
            "  hint: there, make it an item of its own in a list: [\"...\", \"${name}\"]\n"));
}

TEST(UseTest, WhatANameWithoutAnArgumentMeansIsLookedUpAsEverywhere) {
  EXPECT_THAT(load(R"("ask": [{"connect": "c"}, {"send": "${wat}"}])", R"({"use": "ask"})").shown,
              HasSubstr("s.json:2:36: unknown variable 'wat'"));
}

TEST(UseTest, AMistakeInAFragmentIsToldOnceWhereItStands) {
  EXPECT_THAT(load(R"("ask": [{"sned": "x"}])", R"({"use": "ask"}, {"use": "ask"})").shown,
              StrEq("s.json:2:10: unknown step 'sned'\n  hint: did you mean 'send'?\n"));
}

TEST(UseTest, AFragmentThatUsesItselfIsAMistake) {
  EXPECT_THAT(
      load(R"("a": [{"use": "b"}], "b": [{"use": "a"}, {"use": "a"}])", R"({"use": "a"})").shown,
      HasSubstr("steps stand inside steps more than 16 deep\n"
                "  hint: a fragment must not use itself\n"));
}

TEST(UseTest, AFragmentIsAListOfSteps) {
  EXPECT_THAT(load(R"("a": {"send": "x"})", R"({"connect": "c"})").shown,
              StrEq("s.json:2:6: fragment 'a' must be an array, but is an object\n"));
  EXPECT_THAT(load(R"("a": [])", R"({"use": "a"})").shown,
              StrEq("s.json:3:1: 'use' stands for no step here\n"));
}

}  // namespace
}  // namespace dialtone
