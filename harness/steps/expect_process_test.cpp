#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr auto kMeasure = R"({"expect_output": "p", "contains": "up"},
                             {"measure": "descriptors", "of": "p", "as": "base"},)";

/// A program that opens one descriptor more at SIGUSR1, and closes it at SIGUSR2.
constexpr auto kOpener = R"(import os, signal
opened = []
def open_one(*_):
    opened.append(os.open('/dev/null', os.O_RDONLY))
    print('opened', flush=True)
signal.signal(signal.SIGUSR1, open_one)
signal.signal(signal.SIGUSR2, lambda *_: os.close(opened.pop()))
print('up', flush=True)
while True:
    signal.pause()
)";

ScenarioResult run_opener(std::string_view steps) {
  const auto target =
      target_at(SocketAddress::loopback_ipv4(1), {"/usr/bin/python3", "-c", kOpener});
  return unless_too_busy([&] {
    ScenarioLoop loop;
    return loop.run(suite_of(fmt::format(R"({{"spawn": "p"}}, {} {})", kMeasure, steps)), *target);
  });
}

constexpr auto kOpen = R"({"signal": "SIGUSR1", "to": "p"},
                          {"expect_output": "p", "contains": "opened"},)";

TEST(ExpectProcessTest, ALeakIsSeen) {
  const auto result = run_opener(fmt::format(
      R"({} {{"expect_process": "p", "at_most": "${{base}}", "within": "200ms"}})", kOpen));
  EXPECT_EQ(outcome_of(result), "fail Descriptors");
  EXPECT_THAT(result.problem.message, HasSubstr("at most"));
}

TEST(ExpectProcessTest, TheNumberMayBeASum) {
  const auto result = run_opener(fmt::format(
      R"({} {{"expect_process": "p", "descriptors": "${{base}}+1"}},
            {{"expect_process": "p", "at_most": "${{base}}+9"}})",
      kOpen));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectProcessTest, WaitsUntilTheCountComesBack) {
  const auto result = run_opener(fmt::format(
      R"({} {{"expect_process": "p", "descriptors": "${{base}}+1"}}, {{"signal": "SIGUSR2", "to": "p"}},
            {{"expect_process": "p", "descriptors": "${{base}}"}})",
      kOpen));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectProcessTest, ExactlyIsNotAtMost) {
  constexpr auto kScript = "echo up; exec sleep 600";
  const auto fewer = run_bash(
      kScript, fmt::format(R"({} {{"expect_process": "p", "at_most": "${{base}}+1"}})", kMeasure));
  EXPECT_EQ(outcome_of(fewer), "pass") << fewer.problem.message;
  const auto exactly = run_bash(
      kScript,
      fmt::format(
          R"({} {{"expect_process": "p", "descriptors": "${{base}}+1", "within": "100ms"}})",
          kMeasure));
  EXPECT_EQ(outcome_of(exactly), "fail Descriptors") << exactly.problem.message;
}

TEST(ExpectProcessTest, OneThatSpinsIsBusyAndOneThatWaitsIsNot) {
  constexpr auto kWatch = R"({"expect_output": "p", "contains": "up"},
                             {"expect_process": "p", "busy_below": 5, "over": "200ms"})";
  const auto busy = run_bash("echo up; while :; do :; done", kWatch);
  EXPECT_EQ(outcome_of(busy), "fail Busy");
  EXPECT_THAT(busy.problem.message, HasSubstr("below 5% of a processor"));
  EXPECT_EQ(outcome_of(run_bash("echo up; exec sleep 600", kWatch)), "pass");
}

TEST(ExpectProcessTest, AWorkerThatSpinsIsSeen) {
  const auto result = run_bash("(while :; do :; done) & echo up; wait",
                               R"({"expect_output": "p", "contains": "up"},
                  {"expect_process": "p", "busy_below": 5, "over": "200ms"})");
  EXPECT_EQ(outcome_of(result), "fail Busy") << result.problem.message;
}

// The harness stands still for longer than the window: what it did not watch is watched afterwards.
TEST(ExpectProcessTest, AStallIsSatOut) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/bin/sleep", "600"});
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(150));
  const auto result = loop.run(
      suite_of(R"({"spawn": "p"}, {"expect_process": "p", "busy_below": 50, "over": "100ms"})"),
      *target);
  EXPECT_EQ(outcome_of(result), "error MachineBusy") << result.problem.message;
}

TEST(ExpectProcessTest, AStallIsNoVerdictOnACount) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/bin/sleep", "600"});
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(200));
  const auto result = loop.run(
      suite_of(R"({"spawn": "p"}, {"expect_process": "p", "at_most": "0", "within": "150ms"})"),
      *target);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled") << result.problem.message;
}

TEST(ExpectProcessTest, OneThatRunsIsAlive) {
  EXPECT_EQ(outcome_of(run_bash("exec sleep 600", R"({"expect_process": "p", "alive": true})")),
            "pass");
}

TEST(ExpectProcessTest, OneThatHasEndedHasFailed) {
  for (const auto* look :
       {R"("alive": true)", R"("at_most": "9")", R"("busy_below": 50, "over": "100ms")"}) {
    const auto result = run_bash(
        "exit 3",
        fmt::format(R"({{"expect_exit": "p", "code": 3}}, {{"expect_process": "p", {}}})", look));
    EXPECT_EQ(outcome_of(result), "fail ProgramEnded") << look;
    EXPECT_THAT(result.problem.message, HasSubstr("exit code 3"));
  }
}

TEST(ExpectProcessTest, OneThatEndsWhileItIsWatchedHasFailed) {
  const auto result =
      run_bash("exec sleep 0.1", R"({"expect_process": "p", "busy_below": 50, "over": "1s"})");
  EXPECT_EQ(outcome_of(result), "fail ProgramEnded") << result.problem.message;
}

TEST(ExpectProcessTest, ATargetThatIsNoProgramIsNoFailure) {
  EXPECT_EQ(outcome_of(run_alone(R"({"expect_process": "target", "alive": true})")),
            "error NoProcess");
}

struct Mistake {
  const char* fields;
  const char* told;
};

class ExpectProcessMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ExpectProcessMistake, IsTold) {
  const auto mistakes =
      mistakes_of(fmt::format(R"({{"expect_process": "target"{}}})", GetParam().fields));
  EXPECT_THAT(mistakes, HasSubstr(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ExpectProcessMistake,
    ::testing::Values(Mistake{"", "says nothing to expect"},
                      Mistake{R"(, "alive": false)", "'expect_exit' expects an end"},
                      Mistake{R"(, "busy_below": 50)", "belong together"},
                      Mistake{R"(, "alive": true, "over": "1s")", "belong together"},
                      Mistake{R"(, "busy_below": 0, "over": "1s")", "a percentage"},
                      Mistake{R"(, "busy_below": 50, "over": "10ms")", "too short a window"},
                      Mistake{R"(, "descriptors": "few")", "'few' is no number"},
                      Mistake{R"(, "at_most": "${no_such}")", "no_such"},
                      Mistake{R"(, "at_most": "1", "descriptors": "1")", "says how many already"}));

}  // namespace
}  // namespace dialtone
