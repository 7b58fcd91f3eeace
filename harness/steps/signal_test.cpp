#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr auto kAwaitUp = R"({"expect_output": "p", "contains": "up"})";

/// ... of a program that prints "up" and then does `script`.
ScenarioResult signalled(const std::string& script, std::string_view steps) {
  return run_bash("echo up; " + script, fmt::format("{}, {}", kAwaitUp, steps));
}

TEST(SignalTest, ReachesTheProgram) {
  const auto result =
      run_bash("trap 'echo got it; exit 5' USR1; echo up; while :; do read -t 1 <> <(:); done",
               fmt::format(R"({}, {{"signal": "SIGUSR1", "to": "p"}},
                  {{"expect_exit": "p", "code": 5}}, {{"expect_output": "p", "contains": "got it"}})",
                           kAwaitUp));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// What it does after SIGSTOP needs the processor: it would be seen to spin.
TEST(SignalTest, AStoppedProgramRunsNoMoreUntilItContinues) {
  const auto result = signalled(
      "while :; do :; done",
      R"({"signal": "SIGSTOP", "to": "p"}, {"expect_process": "p", "busy_below": 1, "over": "200ms"},
         {"signal": "SIGCONT", "to": "p"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  const auto goes_on =
      signalled("while :; do :; done",
                R"({"signal": "SIGSTOP", "to": "p"}, {"signal": "SIGCONT", "to": "p"},
         {"expect_process": "p", "busy_below": 1, "over": "200ms"})");
  EXPECT_EQ(outcome_of(goes_on), "fail Busy") << goes_on.problem.message;
}

// What spins waits for nothing; what sleeps does.
TEST(SignalTest, CanWaitForAWaitToInterrupt) {
  constexpr auto steps =
      R"({"signal": "SIGTERM", "to": "p", "once_waiting": true, "within": "500ms"},
         {"expect_exit": "p", "by_signal": "SIGTERM"})";
  EXPECT_EQ(outcome_of(signalled("while :; do :; done", steps)), "error NeverWaited");
  const auto sleeping = signalled("exec sleep 600", steps);
  EXPECT_EQ(outcome_of(sleeping), "pass") << sleeping.problem.message;
}

TEST(SignalTest, TheGroupIsReachedOnlyWhereItIsMeant) {
  constexpr auto kScript = "(while :; do :; done) & echo up; wait";
  constexpr auto kWorkerStops = R"({"expect_output": "p", "contains": "up"},
      {"signal": "SIGSTOP", "to": "p", "group": true},
      {"expect_process": "p", "busy_below": 5, "over": "200ms"})";
  constexpr auto kWorkerGoesOn = R"({"expect_output": "p", "contains": "up"},
      {"signal": "SIGSTOP", "to": "p"}, {"expect_process": "p", "busy_below": 5, "over": "200ms"})";
  const auto alone = run_bash(kScript, kWorkerGoesOn);
  EXPECT_EQ(outcome_of(alone), "fail Busy") << alone.problem.message;
  const auto group = run_bash(kScript, kWorkerStops);
  EXPECT_EQ(outcome_of(group), "pass") << group.problem.message;
}

TEST(SignalTest, AVariableMayNameIt) {
  const auto result =
      signalled("echo TERM; exec sleep 600",
                R"({"set": "drain", "to": "SIGTERM"}, {"signal": "${drain}", "to": "p"},
                           {"expect_exit": "p", "by_signal": "${drain}"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(SignalTest, AVariableThatNamesNoneIsAMistake) {
  const auto captured =
      run_bash("exec sleep 600", R"({"measure": "descriptors", "of": "p", "as": "n"},
                           {"signal": "${n}", "to": "p"})");
  EXPECT_EQ(outcome_of(captured), "error BadSignal");
}

TEST(SignalTest, OneThatHasEndedHasFailed) {
  const auto result = run_bash("exit 3", R"({"expect_exit": "p", "code": 3},
                                               {"signal": "SIGTERM", "to": "p"})");
  EXPECT_EQ(outcome_of(result), "fail ProgramEnded");
  EXPECT_THAT(result.problem.message, HasSubstr("exit code 3"));
}

TEST(SignalTest, ATargetThatIsNoProgramIsNoFailure) {
  EXPECT_EQ(outcome_of(run_alone(R"({"signal": "SIGTERM"})")), "error NoProcess");
}

TEST(SignalTest, NeedsATargetOfTheScenariosOwn) {
  const auto needs = suite_of(R"({"signal": "SIGTERM"})")->scenarios[0].needs;
  EXPECT_THAT(needs, Contains("process"));
  EXPECT_THAT(needs, Contains("process_control"));
  EXPECT_THAT(suite_of(R"({"spawn": "p"}, {"signal": "SIGTERM", "to": "p"})")->scenarios[0].needs,
              ::testing::Not(Contains("process")));
}

TEST(SignalTest, AnUnknownSignalIsAMistake) {
  EXPECT_THAT(mistakes_of(R"({"signal": "SIGTEMR"})"), HasSubstr("unknown signal 'SIGTEMR'"));
  EXPECT_THAT(mistakes_of(R"({"signal": "${no_such}"})"), HasSubstr("no_such"));
  EXPECT_EQ(mistakes_of(R"({"signal": "SIGQUIT"})"), "");
}

}  // namespace
}  // namespace dialtone
