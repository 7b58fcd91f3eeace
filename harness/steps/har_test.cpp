#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "harness/model/load_suite.hpp"
#include "harness/steps/registry.hpp"
#include "harness/steps/step_test_support.hpp"

/// The rules by which the harness judges (HAR-nn of the requirements), where steps follow them.
/// harness/net/har_test.cpp has those that connections follow.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kLaterReset = "peer sent RST after its FIN (FIN, later reset)";

std::vector<std::string> told(const ScenarioResult& result) {
  std::vector<std::string> texts;
  for (const auto& event : result.transcript) texts.push_back(describe(event.kind));
  return texts;
}

/// Ends its direction, and then closes with octets that it has not read: KRN-05.
void close_with_unread_octets(PeerSocket& peer, ScenarioLoop&) {
  peer.shutdown();
  char octet = 0;
  ASSERT_EQ(::recv(peer.fd(), &octet, 1, MSG_PEEK), 1);
  peer.close();
}

void half_close(PeerSocket& peer, ScenarioLoop&) {
  peer.receive(2);
  peer.shutdown();
  peer.await_end();
}

TEST(Har03, AResetAfterFinIsInTheTranscriptAndChangesNoVerdict) {
  const auto result = run_against(
      close_with_unread_octets,
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c"}, {"expect_socket": "c", "state": "GONE"},
         {"pause": "1ms"}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(told(result), Contains(kLaterReset));
}

TEST(Har03, ASendAfterItFailsAndTheTranscriptSaysWhy) {
  const auto result = run_against(
      close_with_unread_octets,
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c"}, {"expect_socket": "c", "state": "GONE"},
         {"send": "more", "on": "c"})");
  EXPECT_EQ(outcome_of(result), "fail SendFailed");
  EXPECT_THAT(told(result), Contains(kLaterReset));
}

constexpr auto kAfterFin =
    R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "after_fin": "10s"})";

TEST(Har04, AResetWithinAfterFinFailsTheStep) {
  const auto result = run_against(close_with_unread_octets, kAfterFin);
  EXPECT_EQ(outcome_of(result), "fail ResetAfterFin");
  EXPECT_THAT(result.problem.message, HasSubstr("a close with unread octets usually does this"));
  EXPECT_EQ(result.problem.actual, "FIN, later reset");
  EXPECT_EQ(result.failed_step, 2);
}

TEST(Har04, WhereNothingFollowsFinItPasses) {
  const auto result = run_against(
      half_close, R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "after_fin": "50ms"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(told(result), Not(Contains(kLaterReset)));
}

// The kernel keeps the reset until the loop runs again.
TEST(Har04, AStallHidesNoReset) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.shutdown();
        peer.receive(1);
        loop.stall(milliseconds(300));
        peer.reset();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c"}, {"expect_eof": "c", "after_fin": "50ms"})");
  EXPECT_EQ(outcome_of(result), "fail ResetAfterFin") << result.problem.message;
}

TEST(Har04, AfterOurOwnFinNothingCanBeSaid) {
  const auto result = run_against(
      half_close,
      R"({"connect": "c"}, {"send": "go"}, {"shutdown": "c"}, {"expect_eof": "c", "after_fin": "50ms"})");
  EXPECT_EQ(outcome_of(result), "error NotObservable");
}

TEST(Har04, WhereAResetWillDoNoneIsAwaited) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"},
                             {"expect_eof": "c", "or_reset": true, "after_fin": "1s"})"),
              HasSubstr("with 'or_reset' a reset will do"));
}

TEST(Har11, APositiveExpectationHasFiveSecondsTimesTheScale) {
  Diagnostics diagnostics;
  const auto suite = load_suite("test.json", R"({"suite": "s", "scenarios": [
      {"id": "a", "steps": [{"connect": "c"}, {"expect": "x"}]}]})",
                                {step_registry(), {}}, diagnostics);
  ASSERT_THAT(diagnostics, IsEmpty());
  const PeerListener listener;
  const auto target = target_at(listener.address());
  ScenarioResult result;
  do {  // a busy machine
    ScenarioLoop loop;
    result = loop.run(suite, *target, 0.05);
  } while (result.verdict == Verdict::kError);
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message, HasSubstr("nothing came within 250ms"));
}

TEST(Har12, SilenceIsSaidToBeOfItsWindow) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send("x");
        peer.await_end();
      },
      R"({"connect": "c"}, {"expect_silence": "10s", "on": "c"})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedData");
  EXPECT_THAT(result.problem.message, HasSubstr("silence for 10s"));
}

TEST(Har12, APassedSilenceIsSaidToBeQuietForSoLong) {
  const auto result = run_against([](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
                                  R"({"connect": "c"}, {"expect_silence": "20ms", "on": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(told(result), Contains("quiet for 20ms"));
}

// No window: the end of the stream tells that nothing more came.
TEST(Har12, MoreOctetsThanExpectedAreSeenByTheEndOfTheStream) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send("reply, and more");
        peer.close();
      },
      R"({"connect": "c"}, {"expect": "reply"}, {"shutdown": "c"}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedData");
}

// Which of them is a matter of 40 ms (KRN-24).
TEST(Har14, AStateIsPolledForInASet) {
  const auto result = run_against([](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
                                  R"({"connect": "c"}, {"shutdown": "c"},
         {"expect_socket": "c", "state": ["FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "GONE"]})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(Har17, OneSlowAnswerOfTenIsNotSlow) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        for (int i = 0; i < 10; ++i) {
          peer.receive(5);
          if (i == 4) ::usleep(1'200'000);
          peer.send("pong\n");
        }
        peer.await_end();
      },
      R"({"connect": "c"}, {"round_trips": 10, "request": "ping\n", "reply": "pong\n", "median": "500ms"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

}  // namespace
}  // namespace dialtone
