#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

struct Case {
  const char* name;
  const char* look;
  bool holds;
};

class Look : public ::testing::TestWithParam<Case> {};

// A listener of the harness, two callers (the second one not accepted), three octets that nobody
// read.
constexpr const char* kSetUp = R"({"listen": "desk", "backlog": 7},
    {"connect": "a", "to": "${desk.address}"}, {"accept": "a2", "on": "desk"}, {"send": "abc", "on": "a"},
    {"connect": "b", "to": "${desk.address}"}, {"connect": "gone", "to": "${desk.address}"}, {"reset": "gone"},
    {"socket": "bound", "bind": "127.0.0.1:0"}, )";

TEST_P(Look, SeesWhatTheKernelShows) {
  const auto result = run_alone(
      fmt::format(R"({}{{"expect_socket": {}, "within": "150ms"}})", kSetUp, GetParam().look),
      R"("ignore_leftover": true,)");
  EXPECT_EQ(outcome_of(result), GetParam().holds ? "pass" : "fail SocketState")
      << result.problem.message;
}

INSTANTIATE_TEST_SUITE_P(
    Each, Look,
    ::testing::Values(Case{"Established", R"("a", "state": "ESTABLISHED")", true},
                      Case{"OneOfSeveralStates", R"("a", "state": ["GONE", "ESTABLISHED"])", true},
                      Case{"NotGone", R"("a", "state": "GONE")", false},
                      Case{"NotTimeWait", R"("a", "state": ["TIME_WAIT", "CLOSE_WAIT"])", false},
                      Case{"Gone", R"("gone", "state": "GONE")", true},
                      Case{"GoneIsNotAnyState", R"("gone")", false},
                      Case{"AllOfAList", R"(["a", "gone"], "state": "ESTABLISHED")", false},
                      Case{"Unread", R"("a2", "unread": 3)", true},
                      Case{"UnreadOther", R"("a2", "unread": 2)", false},
                      Case{"PeerSide", R"("a", "side": "peer", "unread": 3)", true},
                      Case{"OwnSide", R"("a", "side": "own", "unread": 3)", false},
                      Case{"Accepted", R"("a", "side": "peer", "accepted": true)", true},
                      Case{"NotAccepted", R"("b", "side": "peer", "accepted": true)", false},
                      Case{"Listener", R"("desk", "state": "LISTEN")", true},
                      Case{"Backlog", R"("desk", "backlog": 7)", true},
                      Case{"OtherBacklog", R"("desk", "backlog": 8)", false},
                      Case{"NotWaiting", R"("desk", "waiting": 0)", false},
                      Case{"BoundTo", R"("desk", "bound_to": "127.0.0.1")", true},
                      Case{"BoundElsewhere", R"("desk", "bound_to": "0.0.0.0")", false},
                      Case{"NotListening", R"("bound", "state": "LISTEN")", false},
                      Case{"TargetDoesNotListen", R"("target", "state": "GONE")", true},
                      Case{"Ephemeral", R"("a", "port": "ephemeral")", true},
                      Case{"NotFixed", R"("a", "port": "fixed")", false},
                      Case{"DistinctPorts", R"(["a", "b"], "distinct": "ports")", true},
                      Case{"SamePort", R"(["a2", "desk"], "distinct": "ports")", false},
                      Case{"SamePeers", R"(["a", "b"], "distinct": "peers")", false},
                      Case{"NoKeepalive", R"("a", "keepalive": false)", true},
                      Case{"Keepalive", R"("a", "keepalive": true)", false},
                      Case{"Listening", R"("desk", "listening": true)", true},
                      Case{"NotListeningAny", R"("desk", "listening": false)", false},
                      Case{"TargetNotListening", R"("target", "listening": false)", true},
                      Case{"TargetListening", R"("target", "listening": true)", false},
                      Case{"DistinctSockets", R"(["a", "b", "a2", "desk"], "distinct": "sockets")",
                           true}),
    [](const auto& each) { return each.param.name; });

TEST(ExpectSocketTest, WaitsUntilTheKernelShowsIt) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        peer.shutdown();
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_socket": "c", "state": "CLOSE_WAIT"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectSocketTest, TheKeepaliveTimerOfThePeersSocketIsSeen) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        const int on = 1;
        ::setsockopt(peer.fd(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        peer.send("on");
        peer.await_end();
      },
      R"({"connect": "c"}, {"expect": "on"},
         {"expect_socket": "c", "side": "peer", "keepalive": true},
         {"expect_socket": "c", "side": "own", "keepalive": false})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

std::string listening_on_ipv6(const std::string& port, bool listening) {
  return outcome_of(run_alone(fmt::format(R"({{"socket": "six", "bind": "[::1]:{}"}},
                               {{"expect_socket": "six", "listening": {}, "within": "150ms"}})",
                                          port, listening)));
}

TEST(ExpectSocketTest, AListenerOfAnotherFamilyIsNotTheOneThatIsMeant) {
  if (family_trouble(*SocketAddress::parse("[::1]:1"))) GTEST_SKIP() << "no IPv6 on this host";
  const PeerListener other(1, SocketAddress::any_ipv4(0));
  const auto port = std::to_string(other.address().port());
  EXPECT_EQ(listening_on_ipv6(port, false), "pass");
  EXPECT_EQ(listening_on_ipv6(port, true), "fail SocketState");
}

TEST(ExpectSocketTest, TheListenerThatIsBoundToTheAddressComesFirst) {
  if (family_trouble(*SocketAddress::parse("[::1]:1"))) GTEST_SKIP() << "no IPv6 on this host";
  const PeerListener other(3, SocketAddress::any_ipv4(0));
  const auto result = run_alone(fmt::format(
      R"({{"listen": "desk", "at": "[::1]:{}", "backlog": 7}},
         {{"expect_socket": "desk", "bound_to": "::1", "backlog": 7, "within": "150ms"}})",
      other.address().port()));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectSocketTest, WhatTheTableOfTcpCannotShowIsNotJudged) {
  for (const auto* open :
       {R"({"listen": "s", "at": "unix:@dialtone-expect-socket"})", R"({"socket": "s"})"}) {
    for (const auto* listening : {"true", "false"}) {
      const auto result = run_alone(fmt::format(
          R"({}, {{"expect_socket": "s", "listening": {}, "within": "150ms"}})", open, listening));
      EXPECT_EQ(outcome_of(result), "error LocalTrouble") << open;
      EXPECT_THAT(result.problem.message, HasSubstr("table")) << open;
    }
  }
}

TEST(ExpectSocketTest, ListeningAndStateSayTheSame) {
  EXPECT_THAT(mistakes_of(R"({"expect_socket": "target", "listening": true, "state": "LISTEN"})"),
              HasSubstr("says that already"));
}

TEST(ExpectSocketTest, AStallIsNoVerdict) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(600));
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_socket": "c", "state": "GONE", "within": "250ms"})");
  EXPECT_EQ(outcome_of(result), "error HarnessStalled") << result.problem.message;
}

TEST(ExpectSocketTest, TellsTheStatesThatItSawGoBy) {
  const auto result = run_alone(R"({"listen": "desk"}, {"connect": "c", "to": "${desk.address}"},
      {"accept": "d", "on": "desk"},
      {"parallel": [[{"expect_socket": "c", "state": "TIME_WAIT"}],
                    [{"pause": "50ms"}, {"shutdown": "c"}, {"expect_eof": "d"},
                     {"expect_socket": "c", "state": "FIN_WAIT2"}, {"pause": "50ms"},
                     {"close": "d"}]]})");
  ASSERT_EQ(outcome_of(result), "pass") << result.problem.message;
  std::vector<std::string> told;
  for (const auto& event : result.transcript) {
    const auto text = describe(event.kind);
    if (text.starts_with("kernel: ")) told.push_back(text.substr(8, text.find(' ', 8) - 8));
  }
  // The kernel may be between two of them while it is looked at.
  EXPECT_THAT(told, IsSupersetOf({"ESTABLISHED", "FIN_WAIT2", "TIME_WAIT"}));
  EXPECT_EQ(told.back(), "TIME_WAIT");
}

TEST(ExpectSocketTest, AFailureShowsTheRows) {
  const auto result = run_alone(
      R"({"listen": "desk"}, {"expect_socket": "desk", "state": "GONE", "within": "50ms"})");
  ASSERT_EQ(outcome_of(result), "fail SocketState");
  EXPECT_EQ(result.problem.expected, "state GONE");
  EXPECT_THAT(result.problem.actual, HasSubstr("LISTEN on 127.0.0.1:"));
}

}  // namespace
}  // namespace dialtone
