#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr std::size_t kMuch =
    std::size_t{24} * 1000 * 1000;  // more than the buffers of both sides hold
constexpr const char* kSendMuch =
    R"({"connect": "c"}, {"send": {"repeat": "0123456789abcdef", "times": 1500000}, "within": "300ms"})";

TEST(SendTest, ThePeerGetsTheOctets) {
  std::string heard;
  const auto result = run_against([&](PeerSocket& peer, ScenarioLoop&) { heard = peer.receive(5); },
                                  R"({"connect": "c"}, {"send": ["a", {"hex": "00ff"}, "bc"]})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(heard, std::string("a\x00\xff"
                               "bc",
                               5));
}

TEST(SendTest, APeerThatTakesNothingTimesOut) {
  const auto result =
      run_against([](PeerSocket&, ScenarioLoop& loop) { loop.await_end(); }, kSendMuch);
  EXPECT_EQ(outcome_of(result), "fail Timeout");
}

TEST(SendTest, AStallIsNoVerdictOnThePeer) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(700));
        loop.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"send": {"repeat": "0123456789abcdef", "times": 1500000}, "within": "300ms"})");
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST(SendTest, APeerThatEchoesWhileWeSendIsRead) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        constexpr std::size_t kPiece = 64000;
        for (std::size_t left = kMuch; left > 0;) {
          const auto size = std::min(left, kPiece);
          peer.send(peer.receive(size));
          left -= size;
        }
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": {"repeat": "0123456789abcdef", "times": 1500000}}, {"expect": {"length": 24000000}})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(SendTest, AfterAResetItFails) {
  const auto result = run_against(
      reset_after_go, R"({"connect": "c"}, {"send": "go"}, {"expect_reset": "c"}, {"send": "x"})");
  EXPECT_EQ(outcome_of(result), "fail SendFailed");
  EXPECT_THAT(result.problem.message, HasSubstr("EPIPE"));
}

std::vector<Ending> endings_in(const Transcript& transcript) {
  std::vector<Ending> endings;
  for (const auto& event : transcript) {
    if (const auto* ended = std::get_if<PeerEnded>(&event.kind)) endings.push_back(ended->ending);
  }
  return endings;
}

// The kernel tells of a reset once: where send has got it, recv returns 0 afterwards, as it does
// after FIN.
TEST(SendTest, AResetThatItMeetsIsNotRecordedAsFin) {
  const auto result = run_against(
      reset_after_go,
      R"({"connect": "c"}, {"send": "go"}, {"expect_socket": "c", "state": ["GONE", "CLOSE"]}, {"send": "x"})");
  EXPECT_EQ(outcome_of(result), "fail SendFailed");
  EXPECT_THAT(result.problem.message, HasSubstr("ECONNRESET"));
  EXPECT_THAT(endings_in(result.transcript), ::testing::ElementsAre(Ending::kReset));
}

}  // namespace
}  // namespace dialtone
