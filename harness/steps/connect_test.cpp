#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <string>
#include <thread>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// Addresses on this host where a connect has each outcome that the kernel can give without a
/// network.
class Places {
 public:
  Places() : bound_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), full_(0) {
    const auto any = SocketAddress::loopback_ipv4(0);
    EXPECT_EQ(::bind(bound_.get(), any.data(), any.size()), 0);
    // A queue of listen(0) holds one connection; what comes then gets no answer.
    waiting_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(waiting_.get(), full_.address().data(), full_.address().size()), 0);
  }

  std::string where(const std::string& outcome) const {
    if (outcome == "connected") return open_.address().to_string();
    if (outcome == "refused") return SocketAddress::local_of(bound_.get())->to_string();
    if (outcome == "timeout") return full_.address().to_string();
    return "127.255.255.255:7";  // the broadcast address of the loopback network
  }

 private:
  PeerListener open_;
  UniqueFd bound_;
  PeerListener full_;
  UniqueFd waiting_;
};

class ConnectOutcomes : public ::testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(ConnectOutcomes, AreNeverMerged) {
  const std::string really = std::get<0>(GetParam());
  const std::string wanted = std::get<1>(GetParam());
  const Places places;
  const auto result =
      run_alone(fmt::format(R"({{"connect": "c", "to": "{}", "outcome": "{}", "within": "300ms"}})",
                            places.where(really), wanted));
  if (really == wanted) {
    EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
    return;
  }
  EXPECT_EQ(outcome_of(result), "fail ConnectOutcome");
  EXPECT_EQ(result.problem.expected, wanted);
  EXPECT_THAT(result.problem.actual, ::testing::StartsWith(really));
}

INSTANTIATE_TEST_SUITE_P(Each, ConnectOutcomes,
                         ::testing::Combine(::testing::Values("connected", "refused", "timeout",
                                                              "unreachable"),
                                            ::testing::Values("connected", "refused", "timeout",
                                                              "unreachable", "reset")),
                         [](const auto& each) {
                           return fmt::format("{}ForExpected_{}", std::get<0>(each.param),
                                              std::get<1>(each.param));
                         });

std::uint16_t free_port() {
  const PeerListener probe;
  return probe.address().port();
}

TEST(ConnectTest, ASocketThatMetItselfIsNoServer) {
  const auto port = free_port();
  const auto result = run_alone(
      fmt::format(R"({{"connect": "c", "from": "127.0.0.1:{0}", "to": "127.0.0.1:{0}"}})", port));
  EXPECT_EQ(outcome_of(result), "error LocalTrouble");
  EXPECT_THAT(result.problem.message, HasSubstr("met itself"));
}

TEST(ConnectTest, ASocketThatMetItselfLeavesNothingOnTheTargetsPort) {
  const auto port = free_port();
  run_alone(
      fmt::format(R"({{"connect": "c", "from": "127.0.0.1:{0}", "to": "127.0.0.1:{0}"}})", port));
  auto table = SocketTable::open();
  ASSERT_TRUE(table.ok());
  const auto itself = SocketAddress::loopback_ipv4(port);
  EXPECT_FALSE(table.value().find(itself, itself).value().has_value());
}

TEST(ConnectTest, ATakenSourcePortIsOurOwnTrouble) {
  const PeerListener target;
  const PeerListener other;
  const auto result =
      run_alone(fmt::format(R"({{"connect": "c", "from": "{}", "to": "{}"}})",
                            other.address().to_string(), target.address().to_string()));
  EXPECT_EQ(outcome_of(result), "error LocalTrouble");
  EXPECT_THAT(result.problem.message, HasSubstr("EADDRINUSE"));
}

/// No descriptor can be had while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const UniqueFd lowest(::dup(0));
    const rlimit none{static_cast<rlim_t>(lowest.get()), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(ConnectTest, NoMoreDescriptorsIsOurOwnTrouble) {
  const PeerListener listener;
  const auto target = target_at(listener.address());
  const auto suite = suite_of(R"({"connect": "c", "outcome": "refused"})");
  ScenarioLoop loop;
  ScenarioResult result;
  {
    const NoDescriptors none;
    result = loop.run(suite, *target);
  }
  EXPECT_EQ(outcome_of(result), "error LocalTrouble");
  EXPECT_THAT(result.problem.message, HasSubstr("EMFILE"));
}

TEST(ConnectTest, ASourceAddressIsUsed) {
  const PeerListener listener;
  const auto target = target_at(listener.address());
  ScenarioLoop loop;
  const auto result = loop.run(suite_of(R"({"connect": "c", "from": "127.0.0.9:0"},
                                           {"expect_socket": "c", "bound_to": "127.0.0.9"})"),
                               *target);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ConnectTest, ManyAreNamedByTheirNumber) {
  PeerListener listener;
  const auto target = target_at(listener.address());
  ScenarioLoop loop;
  const auto result = loop.run(suite_of(R"({"connect": "c", "count": 3},
      {"expect_socket": ["c.1", "c.2", "c.3"], "state": "ESTABLISHED", "distinct": "ports"})"),
                               *target);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

class ConnectStall : public ::testing::TestWithParam<const char*> {};

TEST_P(ConnectStall, OfTheHarnessIsNoVerdictOnThePeer) {
  const Places places;
  const auto suite =
      suite_of(fmt::format(R"({{"connect": "c", "to": "{}", "outcome": "{}", "within": "10ms"}})",
                           places.where("timeout"), GetParam()));
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(80));
  EXPECT_EQ(outcome_of(loop.run(suite, *target)), "error HarnessStalled");
}

INSTANTIATE_TEST_SUITE_P(Whatever, ConnectStall,
                         ::testing::Values("connected", "timeout", "refused"));

TEST(ConnectTest, OneStallIsMendedByAnotherTry) {
  const Places places;
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(400));
        peer.await_end();
      },
      fmt::format(R"({{"connect": "c"}}, {{"send": "go"}},
                     {{"connect": "late", "to": "{}", "outcome": "timeout", "within": "200ms"}})",
                  places.where("timeout")));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ConnectTest, CountHasALimit) {
  EXPECT_EQ(mistakes_of(R"({"connect": "c", "count": 1000})"), "");
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "count": 1001})"),
              AllOf(HasSubstr("test.json:1:"), HasSubstr("between 1 and 1000")));
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "count": 0})"), HasSubstr("between 1 and 1000"));
}

TEST(ConnectTest, AConnectionThatMustFailCannotBeUsed) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "outcome": "refused"}, {"send": "x", "on": "c"})"),
              HasSubstr("'c'"));
}

/// SO_RCVBUF of the harness's side of that connection; 0 where it is not found.
int receive_buffer_of_caller(const PeerSocket& peer) {
  const auto caller = SocketAddress::peer_of(peer.fd());
  for (int fd = 0; fd < 1024; ++fd) {
    if (SocketAddress::local_of(fd) != caller) continue;
    int octets = 0;
    socklen_t size = sizeof octets;
    if (::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, &size) == 0) return octets;
  }
  return 0;
}

TEST(ConnectBufferTest, IsAsSmallAsTheStepSays) {
  int octets = 0;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        octets = receive_buffer_of_caller(peer);
        peer.send("ok");
        peer.await_end();
      },
      R"({"connect": "c", "receive_buffer": 4096}, {"send": "go"}, {"expect": "ok"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(octets, 8192);  // a kernel doubles it (man 7 socket)
}

TEST(ConnectBufferTest, IsForTcp) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "over": "udp", "receive_buffer": 4096})"),
              HasSubstr("'receive_buffer' is for TCP"));
}

// A close and a connect race: who came before the close was accepted.
TEST(ConnectTest, ARetryWaitsForTheRefusal) {
  PeerListener listener;
  const auto target = target_at(listener.address());
  ScenarioLoop loop;
  std::thread peer([&] {
    for (int calls = 0; calls < 3; ++calls) listener.accept().await_end();
    listener.close();
  });
  const auto result = loop.run(
      suite_of(R"({"connect": "c", "outcome": "refused", "retry": true, "within": "20s"})"),
      *target);
  peer.join();
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// The one that still succeeded is gone before the step has ended, under whichever name.
TEST(ConnectTest, ARetryOfSeveralLeavesNoneBehind) {
  PeerListener listener;
  PeerListener other;
  const auto target = target_at(listener.address());
  ScenarioLoop loop;
  std::thread peer([&] {
    auto early = listener.accept();
    listener.close();
    early.await_end();
    other.accept().close();
  });
  const auto result = loop.run(
      suite_of(fmt::format(
          R"({{"connect": "c", "count": 2, "outcome": "refused", "retry": true, "within": "20s"}},
             {{"connect": "d", "to": "{}"}}, {{"expect_eof": "d", "within": "20s"}})",
          other.address().to_string())),
      *target);
  peer.join();
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ConnectTest, ARetryEndsAtItsDeadline) {
  const auto result = unless_too_busy([] {
    const PeerListener listener;
    const auto target = target_at(listener.address());
    ScenarioLoop loop;
    return loop.run(
        suite_of(R"({"connect": "c", "outcome": "refused", "retry": true, "within": "200ms"})"),
        *target);
  });
  EXPECT_EQ(outcome_of(result), "fail ConnectOutcome");
  EXPECT_EQ(result.problem.actual, "connected");
}

TEST(ConnectTest, OnlyARefusalIsTriedAgain) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "retry": true})"),
              HasSubstr(R"('retry' is for "outcome": "refused")"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "outcome": "timeout", "retry": true})"),
              HasSubstr(R"('retry' is for "outcome": "refused")"));
}

}  // namespace
}  // namespace dialtone
