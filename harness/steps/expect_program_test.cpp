#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "harness/steps/step_test_support.hpp"

/// spawn, expect_exit and expect_output.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

std::string outcome(const std::string& script, std::string_view steps) {
  return outcome_of(run_bash(script, steps));
}

TEST(ExpectExitTest, TheExitCodeIsTheOneGiven) {
  EXPECT_EQ(outcome("exit 0", R"({"expect_exit": "p"})"), "pass");
  EXPECT_EQ(outcome("exit 3", R"({"expect_exit": "p", "code": 3})"), "pass");
  EXPECT_EQ(outcome("exit 3", R"({"expect_exit": "p"})"), "fail ExitStatus");
  EXPECT_EQ(outcome("exit 0", R"({"expect_exit": "p", "code": 3})"), "fail ExitStatus");
}

TEST(ExpectExitTest, ASignalIsNoExitCode) {
  EXPECT_EQ(outcome("kill -TERM $$", R"({"expect_exit": "p", "code": 15})"), "fail ExitStatus");
  EXPECT_EQ(outcome("exit 15", R"({"expect_exit": "p", "code": 15})"), "pass");
}

TEST(ExpectExitTest, ASignalCanBeWhatIsExpected) {
  constexpr auto kKilled = R"({"expect_exit": "p", "by_signal": "SIGKILL"})";
  EXPECT_EQ(outcome("kill -KILL $$", kKilled), "pass");
  EXPECT_EQ(outcome("kill -TERM $$", kKilled), "fail ExitStatus");
  EXPECT_EQ(outcome("exit 9", kKilled), "fail ExitStatus");
  EXPECT_EQ(outcome("exit 137", kKilled), "fail ExitStatus");
}

TEST(ExpectExitTest, SeveralCodesMayBeRight) {
  constexpr auto kOneOf = R"({"expect_exit": "p", "code": [0, 3]})";
  EXPECT_EQ(outcome("exit 0", kOneOf), "pass");
  EXPECT_EQ(outcome("exit 3", kOneOf), "pass");
  EXPECT_EQ(outcome("exit 1", kOneOf), "fail ExitStatus");
}

TEST(ExpectExitTest, AFailureMayBeWhatIsExpected) {
  constexpr auto kFails = R"({"expect_exit": "p", "code": "nonzero"})";
  EXPECT_EQ(outcome("exit 1", kFails), "pass");
  EXPECT_EQ(outcome("exit 255", kFails), "pass");
  EXPECT_EQ(outcome("exit 0", kFails), "fail ExitStatus");
  EXPECT_EQ(outcome("kill -SEGV $$", kFails), "fail ExitStatus");
}

// A wrapper's 139 once passed for a failure that the program itself told of.
TEST(ExpectExitTest, WhatAShellTellsOfASignalIsNoCodeOfTheProgram) {
  EXPECT_EQ(outcome("sh -c 'kill -SEGV $$'; exit $?", R"({"expect_exit": "p", "code": "nonzero"})"),
            "fail ExitStatus");
  EXPECT_EQ(outcome("exit 139", R"({"expect_exit": "p", "code": 139})"), "pass");
}

TEST(ExpectExitTest, AnyCodeIsAnEndAndASignalIsNone) {
  constexpr auto kText = R"({"expect_exit": "p", "code": "not 0,3"})";
  EXPECT_EQ(outcome("exit 7", kText), "pass");
  EXPECT_EQ(outcome("exit 3", kText), "fail ExitStatus");
  EXPECT_EQ(outcome("kill -TERM $$", kText), "fail ExitStatus");
  constexpr auto kEnds = R"({"expect_exit": "p", "code": "any"})";
  EXPECT_EQ(outcome("exit 0", kEnds), "pass");
  EXPECT_EQ(outcome("exit 2", kEnds), "pass");
  EXPECT_EQ(outcome("kill -SEGV $$", kEnds), "fail ExitStatus");
}

TEST(ExpectExitTest, AnEndThatAStepBroughtAboutIsNoEndByItself) {
  EXPECT_EQ(outcome("exit 0", R"({"expect_exit": "p", "by_itself": true})"), "pass");
  EXPECT_EQ(outcome("exec sleep 600", R"({"signal": "SIGTERM", "to": "p"},
                    {"expect_exit": "p", "by_signal": "SIGTERM", "by_itself": true})"),
            "error ToldToEnd");
  EXPECT_EQ(outcome("read; exit 0", R"({"expect_exit": "p", "code": [0, 1], "by_itself": true})"),
            "pass");
}

TEST(ExpectExitTest, AStopDoesNotEndAProgram) {
  EXPECT_EQ(outcome("sleep 0.5; exit 0",
                    R"({"signal": "SIGSTOP", "to": "p"}, {"signal": "SIGCONT", "to": "p"},
                       {"expect_exit": "p", "by_itself": true})"),
            "pass");
}

TEST(ExpectExitTest, WhatCannotBeIsAMistake) {
  for (const auto* code : {"256", "-1", "[]", "\"zero\"", "[0, 300]", "[0, \"nonzero\"]", "true"}) {
    EXPECT_THAT(mistakes_of(fmt::format(R"({{"expect_exit": "target", "code": {}}})", code)),
                HasSubstr("must be an exit code"))
        << code;
  }
  EXPECT_THAT(mistakes_of(R"({"expect_exit": "target", "by_signal": "KIL"})"),
              HasSubstr("unknown signal 'KIL'"));
  EXPECT_THAT(mistakes_of(R"({"expect_exit": "target", "by_signal": "SIGKILL", "code": 9})"),
              HasSubstr("has no exit code"));
}

TEST(ExpectExitTest, OneThatStillRunsIsATimeOut) {
  EXPECT_EQ(outcome("exec sleep 600", R"({"expect_exit": "p", "within": "100ms"})"),
            "fail Timeout");
}

TEST(ExpectExitTest, AStatusThatWasLostIsNoVerdictOnTheProgram) {
  const auto before = ::signal(SIGCHLD, SIG_IGN);  // the kernel throws it away
  // It must live until it is launched: without a zombie, its id is free again at once.
  const std::string kill = R"({"signal": "SIGKILL", "to": "p"}, )";
  EXPECT_EQ(outcome("exec sleep 600", kill + R"({"expect_exit": "p"})"), "error ExitStatusLost");
  EXPECT_EQ(outcome("exec sleep 600", kill + R"({"expect_exit": "p", "by_signal": "SIGKILL"})"),
            "error ExitStatusLost");
  ::signal(SIGCHLD, before);
}

TEST(ExpectExitTest, AStallIsNoVerdictOnTheProgram) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/bin/sleep", "600"});
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(300));
  const auto result =
      loop.run(suite_of(R"({"spawn": "p"}, {"expect_exit": "p", "within": "250ms"})"), *target);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST(ExpectOutputTest, FindsTheOctetsInStandardOutput) {
  EXPECT_EQ(outcome("echo one; echo two", R"({"expect_output": "p", "contains": "one\ntwo"})"),
            "pass");
  EXPECT_EQ(outcome("echo one", R"({"expect_output": "p", "contains": "two"})"),
            "fail OutputMismatch");
  EXPECT_EQ(outcome("echo two >&2", R"({"expect_output": "p", "contains": "two"})"),
            "fail OutputMismatch");
}

TEST(ExpectOutputTest, WhatMayHaveBeenInTheDroppedPartIsNoFailure) {
  constexpr auto kMuch = "head -c 40000 /dev/zero; echo two; head -c 80000 /dev/zero";
  EXPECT_EQ(outcome(kMuch, R"({"expect_exit": "p"}, {"expect_output": "p", "contains": "two"})"),
            "error OutputTooLong");
  constexpr auto kAllKept = "head -c 65536 /dev/zero";
  EXPECT_EQ(outcome(kAllKept, R"({"expect_output": "p", "contains": "two"})"),
            "fail OutputMismatch");
  constexpr auto kAtTheEnd = "head -c 120000 /dev/zero; echo two";
  EXPECT_EQ(outcome(kAtTheEnd, R"({"expect_output": "p", "contains": "two"})"), "pass");
}

TEST(ExpectOutputTest, WhatIsNotPrintedInTimeFails) {
  const auto result = run_bash("echo one; exec sleep 600",
                               R"({"expect_output": "p", "contains": "two", "within": "300ms"})");
  EXPECT_EQ(outcome_of(result), "fail OutputMismatch");
}

TEST(SpawnTest, TheProgramGetsTheAddress) {
  EXPECT_EQ(outcome("echo port $0.", R"({"expect_output": "p", "contains": "port 1."})"), "pass");
}

TEST(SpawnTest, TheProgramGetsItsInput) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/bin/bash", "-c", "cat"});
  ScenarioLoop loop;
  const auto result = loop.run(
      suite_of(
          R"({"spawn": "p", "input": "hello"}, {"expect_output": "p", "contains": "hello"}, {"expect_exit": "p"})"),
      *target);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(SpawnTest, WhatItShallCallMayStandInItsInput) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/bin/bash", "-c", "cat"});
  ScenarioLoop loop;
  const auto result = loop.run(
      suite_of(
          R"({"listen": "l"}, {"spawn": "p", "to": "${l.address}", "input": "${host} ${port}"},
             {"expect_output": "p", "contains": "${l.host} ${l.port}"})"),
      *target);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(SpawnTest, OutsideOfTheInputNobodyKnowsWhatItShallCall) {
  EXPECT_THAT(mistakes_of(R"({"spawn": "p", "input": "${host}"},
                             {"expect_output": "p", "contains": "${host}"})"),
              HasSubstr("unknown variable 'host'"));
  EXPECT_EQ(mistakes_of(R"({"spawn": "p", "input": "${host}${port}"})"), "");
}

TEST(SpawnTest, WhatItPrintedIsKept) {
  const auto result =
      run_bash("echo out; echo err >&2; exit 4", R"({"expect_exit": "p", "code": 4})");
  ASSERT_EQ(result.outputs.size(), 1U);
  EXPECT_EQ(result.outputs[0].program, "p");
  EXPECT_EQ(result.outputs[0].standard_output, "out\n");
  EXPECT_EQ(result.outputs[0].standard_error, "err\n");
  EXPECT_EQ(result.outputs[0].ended, "exit code 4");
}

TEST(SpawnTest, OneThatStillRunsIsEndedWithTheScenario) {
  const auto result =
      run_bash("echo up; exec sleep 600", R"({"expect_output": "p", "contains": "up"})");
  EXPECT_EQ(outcome_of(result), "pass");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(SpawnTest, WhatCannotBeLaunchedIsNoFailureOfAnybody) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/no/such/program"});
  ScenarioLoop loop;
  const auto result = loop.run(suite_of(R"({"spawn": "p"})"), *target);
  EXPECT_EQ(outcome_of(result), "error CannotLaunch");
  EXPECT_THAT(result.problem.message, HasSubstr("/no/such/program"));
}

TEST(SpawnTest, ATargetWithoutThatProgramIsNoFailure) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  ScenarioLoop loop;
  EXPECT_EQ(outcome_of(loop.run(suite_of(R"({"spawn": "p"})"), *target)), "error NoProgram");
}

TEST(ExpectExitTest, ATargetThatIsNoProgramIsNoFailure) {
  EXPECT_EQ(outcome_of(run_alone(R"({"expect_exit": "target"})")), "error NoProcess");
  EXPECT_EQ(outcome_of(run_alone(R"({"expect_output": "target", "contains": "x"})")),
            "error NoProcess");
}

TEST(SpawnTest, NeedsATargetWithAClient) {
  EXPECT_THAT(suite_of(R"({"spawn": "p"})")->scenarios[0].needs, ::testing::Contains("client"));
  EXPECT_THAT(suite_of(R"({"expect_exit": "target"})")->scenarios[0].needs,
              ::testing::Contains("process"));
}

}  // namespace
}  // namespace dialtone
