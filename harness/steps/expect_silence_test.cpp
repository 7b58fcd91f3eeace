#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST(ExpectSilenceTest, AfterOneStallAnotherWindowDecides) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(600));
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_silence": "200ms"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// Whether it came within the window, nobody can tell: the loop looked only when the window had long
// passed.
TEST(ExpectSilenceTest, WhatCameDuringAStallThatOutlastedTheWindowGivesNoVerdict) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(600));
        peer.send("x");
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_silence": "200ms"})");
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST(ExpectSilenceTest, AHarnessThatHardlyRunsGivesNoVerdict) {
  PeerListener listener;
  const auto target = target_at(listener.address());
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(80));
  const auto result =
      loop.run(suite_of(R"({"connect": "c"}, {"expect_silence": "10ms"})"), *target);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST(ExpectSilenceTest, EachOfSeveralConnectionsMustBeQuiet) {
  PeerListener listener;
  const auto target = target_at(listener.address());
  ScenarioLoop loop;
  const auto result = loop.run(
      suite_of(
          R"({"connect": "a"}, {"connect": "b"}, {"expect_silence": "100ms", "on": ["a", "b"]})"),
      *target);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectSilenceTest, TheLastOfSeveralConnectionsCanBreakIt) {
  PeerListener quiet;
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send("x");
        peer.await_end();
      },
      R"({"connect": "a", "to": ")" + quiet.address().to_string() +
          R"("}, {"connect": "b"}, {"expect_silence": "100ms", "on": ["a", "b"]})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedData");
}

TEST(ExpectSilenceTest, WhatAnEarlierStepLeftOverBreaksIt) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send("ab");
        peer.await_end();
      },
      R"({"connect": "c"}, {"expect": "a"}, {"expect_silence": "50ms"})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedData");
}

TEST(ExpectSilenceTest, AWindowOfNoLengthIsAMistake) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"expect_silence": "0ms"})"),
              HasSubstr("a window of no length"));
}

}  // namespace
}  // namespace dialtone
