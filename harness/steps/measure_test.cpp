#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;

TEST(MeasureTest, ACountIsKeptForLater) {
  const auto result = run_bash("echo up; exec sleep 600",
                               R"({"expect_output": "p", "contains": "up"},
                     {"measure": "descriptors", "of": "p", "as": "base"},
                     {"expect_process": "p", "descriptors": "${base}"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// One that opens one after another for half a second.
TEST(MeasureTest, WaitsUntilTheCountStandsStill) {
  const auto result = run_bash(
      R"(for fd in 10 11 12 13 14 15 16 17 18 19; do
           eval "exec $fd</dev/null"; read -t 0.03 <> <(:)
         done; exec sleep 600)",
      R"({"measure": "descriptors", "of": "p", "as": "base"},
         {"expect_process": "p", "descriptors": "${base}"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// A program that gets no processor stands still, whatever it is about to do: try again then.
TEST(MeasureTest, WhatNeverStandsStillIsNoFailure) {
  ScenarioResult result;
  for (int tries = 0; tries < 20 && outcome_of(result) != "error NotSettled"; ++tries) {
    result = run_bash(
        "while :; do exec 10</dev/null; read -t 0.01 <> <(:); exec 10<&-; read -t 0.01 <> <(:); "
        "done",
        R"({"measure": "descriptors", "of": "p", "as": "base", "within": "400ms"})");
  }
  EXPECT_EQ(outcome_of(result), "error NotSettled") << result.problem.message;
}

TEST(MeasureTest, OneThatHasEndedHoldsNothingToMeasure) {
  const auto result = run_bash(
      "exit 3",
      R"({"expect_exit": "p", "code": 3}, {"measure": "descriptors", "of": "p", "as": "base"})");
  EXPECT_EQ(outcome_of(result), "fail ProgramEnded");
  EXPECT_EQ(result.problem.message, "expected 'p' to run, but it had ended: exit code 3");
}

TEST(MeasureTest, OneThatEndsMeanwhileHasEnded) {
  const auto result = run_bash("exit 0", R"({"measure": "descriptors", "of": "p", "as": "base"})");
  EXPECT_EQ(outcome_of(result), "fail ProgramEnded");
}

TEST(MeasureTest, ATargetThatIsNoProgramIsNoFailure) {
  EXPECT_EQ(outcome_of(run_alone(R"({"measure": "descriptors", "as": "base"})")),
            "error NoProcess");
}

TEST(MeasureTest, NeedsAName) {
  EXPECT_THAT(mistakes_of(R"({"measure": "descriptors"})"), HasSubstr("needs 'as'"));
  EXPECT_THAT(suite_of(R"({"measure": "descriptors", "as": "n"})")->scenarios[0].needs,
              ::testing::Contains("process_observation"));
}

}  // namespace
}  // namespace dialtone
