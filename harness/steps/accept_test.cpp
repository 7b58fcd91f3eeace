#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

/// listen and accept.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST(AcceptTest, TakesConnectionsInTheirOrder) {
  const auto result = run_alone(
      R"({"listen": "desk"}, {"connect": "a", "to": "${desk.address}"}, {"connect": "b", "to": "${desk.address}"},
         {"accept": "first", "on": "desk"}, {"accept": "second", "on": "desk"},
         {"send": "to a", "on": "first"}, {"send": "to b", "on": "second"},
         {"expect": "to a", "on": "a"}, {"expect": "to b", "on": "b"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(AcceptTest, NobodyCameIsATimeOut) {
  const auto result =
      run_alone(R"({"listen": "desk"}, {"accept": "caller", "on": "desk", "within": "100ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message, HasSubstr("nobody connected within 100ms"));
}

constexpr const char* kAcceptInTime =
    R"({"listen": "desk"}, {"connect": "c"}, {"send": "${desk.port}"}, {"accept": "caller", "on": "desk", "within": "250ms"})";

TEST(AcceptTest, AStallIsNoVerdictOnTheCaller) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(5);
        loop.stall(milliseconds(600));
        peer.await_end();
      },
      kAcceptInTime);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled") << result.problem.message;
}

TEST(AcceptTest, WhoCameDuringAStallHasCome) {
  UniqueFd caller(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto result = run_once_against(
      [&](PeerSocket& peer, ScenarioLoop& loop) {
        const auto port = std::stoi(peer.receive(5));
        loop.stall(milliseconds(600));
        const auto desk = SocketAddress::loopback_ipv4(static_cast<std::uint16_t>(port));
        EXPECT_EQ(::connect(caller.get(), desk.data(), desk.size()), 0);
        peer.await_end();
      },
      kAcceptInTime);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(AcceptTest, WhoCameBehindTheDeadlineOfAStalledHarnessGivesNoVerdict) {
  UniqueFd caller(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto result = run_once_against(
      [&](PeerSocket& peer, ScenarioLoop& loop) {
        const auto port = std::stoi(peer.receive(5));
        loop.stall(milliseconds(600));
        ::usleep(400'000);
        const auto desk = SocketAddress::loopback_ipv4(static_cast<std::uint16_t>(port));
        EXPECT_EQ(::connect(caller.get(), desk.data(), desk.size()), 0);
        peer.await_end();
      },
      kAcceptInTime);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled") << result.problem.message;
}

TEST(ListenTest, ATakenAddressIsOurOwnTrouble) {
  const PeerListener other;
  const auto result =
      run_alone(R"({"listen": "desk", "at": ")" + other.address().to_string() + R"("})");
  EXPECT_EQ(outcome_of(result), "error LocalTrouble");
  EXPECT_THAT(result.problem.message,
              HasSubstr(fmt::format("Address already in use: process {} (", ::getpid())));
}

TEST(ListenTest, TheBacklogIsTheOneGiven) {
  const auto result = run_alone(
      R"({"listen": "desk", "backlog": 3}, {"expect_socket": "desk", "state": "LISTEN", "backlog": 3})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

}  // namespace
}  // namespace dialtone
