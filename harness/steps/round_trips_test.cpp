#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Script answer(int times, milliseconds after) {
  return [times, after](PeerSocket& peer, ScenarioLoop&) {
    for (int i = 0; i < times; ++i) {
      peer.receive(5);
      if (after.count() > 0) std::this_thread::sleep_for(after);  // the slowness that is judged
      peer.send("pong\n");
    }
    peer.await_end();
  };
}

bool notes(const ScenarioResult& result, const std::string& text) {
  for (const auto& event : result.transcript) {
    const auto* noted = std::get_if<Noted>(&event.kind);
    if (noted != nullptr && noted->text.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST(RoundTripsTest, TheMedianIsJudgedAndNoted) {
  const auto result = run_against(
      answer(11, milliseconds(0)),
      R"({"connect": "c"}, {"round_trips": 11, "request": "ping\n", "reply": "pong\n", "median": "20s"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_TRUE(notes(result, "the median of 11 round trips was "));
}

TEST(RoundTripsTest, AnAnswerThatComesLateEachTimeIsSlow) {
  const auto result = run_against(
      answer(10, milliseconds(30)),
      R"({"connect": "c"}, {"round_trips": 10, "request": "ping\n", "reply": "pong\n", "median": "20ms"})");
  EXPECT_EQ(outcome_of(result), "fail Slow");
  EXPECT_THAT(result.problem.message, HasSubstr("above 20ms"));
}

TEST(RoundTripsTest, AWrongAnswerFailsAsAnExpectationDoes) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(5);
        peer.send("pong\n");
        peer.receive(5);
        peer.send("peng\n");
        peer.await_end();
      },
      R"({"connect": "c"}, {"round_trips": 10, "request": "ping\n", "reply": "pong\n", "median": "20s"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
  EXPECT_EQ(result.problem.bytes->offset, 1u);
}

TEST(RoundTripsTest, ASilentPeerTimesOut) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
      R"({"connect": "c"}, {"round_trips": 10, "request": "ping\n", "reply": "pong\n", "median": "1s", "within": "200ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
}

// A harness that did not run has no opinion on how long the peer took.
TEST(RoundTripsTest, AStallOfTheHarnessIsNoSlowness) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        for (int i = 0; i < 10; ++i) {
          peer.receive(5);
          loop.stall(milliseconds(80));
          peer.send("pong\n");
        }
        peer.await_end();
      },
      R"({"connect": "c"}, {"round_trips": 10, "request": "ping\n", "reply": "pong\n", "median": "5ms"})");
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST(RoundTripsTest, FewRoundsSayNothing) {
  for (const auto* rounds : {"9", "1001"})
    EXPECT_THAT(mistakes_of(std::string(R"({"connect": "c"}, {"round_trips": )") + rounds +
                            R"(, "request": "x", "reply": "y", "median": "1s"})"),
                StartsWith("test.json:1:108: 'round_trips' must be between 10 and 1000"));
}

}  // namespace
}  // namespace dialtone
