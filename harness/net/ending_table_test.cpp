#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>

#include "harness/net/namespace_test_support.hpp"

/// How a connection ends, and what a Connection makes of it: the rows of requirements 4.2.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::MatchesRegex;
using ::testing::VariantWith;

constexpr auto kHost = "10.0.0.2:7788";

int state_of(const Connection& connection) {
  tcp_info info{};
  socklen_t size = sizeof info;
  EXPECT_EQ(::getsockopt(connection.fd(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  return info.tcpi_state;
}

void await(const Connection& connection, short events) {
  pollfd watched{.fd = connection.fd(), .events = events, .revents = 0};
  ASSERT_EQ(::poll(&watched, 1, 30'000), 1);
}

void set_option(int fd, int level, int option, int value) {
  ASSERT_EQ(::setsockopt(fd, level, option, &value, sizeof value), 0);
}

/// A connection to the other host, whose side of it is `theirs`.
struct Call {
  Call() : listener(far.listen(kHost)), ours(caller.connect(kHost)) {
    pollfd waiting{.fd = listener.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&waiting, 1, 30'000), 1);
    theirs.reset(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    EXPECT_TRUE(theirs);
  }

  void say(std::string_view octets) const {
    EXPECT_EQ(::send(theirs.get(), octets.data(), octets.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(octets.size()));
  }
  void end_by_fin() const { ::shutdown(theirs.get(), SHUT_WR); }
  void end_by_reset() {
    const linger now{1, 0};
    ::setsockopt(theirs.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    theirs.reset();
  }
  /// Nothing of this connection reaches the other host any more; `reject`: and it says so.
  void cut(const std::string& verdict = "drop") const {
    far.sh(
        "nft 'add table ip t; add chain ip t c { type filter hook input priority 0; }; "
        "add rule ip t c tcp dport 7788 " +
        verdict + "'");
  }
  void mend() const { far.sh("nft delete table ip t"); }

  Arrival next() { return caller.next(*ours); }
  Arrival next_within(Duration budget) { return caller.next(*ours, budget); }

  FarHost far;
  Caller caller;
  UniqueFd listener;
  std::unique_ptr<Connection> ours;
  UniqueFd theirs;
};

constexpr Duration kQuiet = milliseconds(100);

TEST(EndingTable, NothingIsATimeOutOfOurOwn) {
  in_own_network([] {
    Call call;
    EXPECT_THAT(call.next_within(kQuiet), VariantWith<TimedOut>(_));
    EXPECT_EQ(state_of(*call.ours), TCP_ESTABLISHED);
    EXPECT_THAT(call.caller.told(), ElementsAre());
  });
}

TEST(EndingTable, DataEndsNothing) {
  in_own_network([] {
    Call call;
    call.say("abc");
    EXPECT_THAT(call.next(), VariantWith<DataArrived>(_));
    EXPECT_THAT(call.next_within(kQuiet), VariantWith<TimedOut>(_));
    EXPECT_EQ(state_of(*call.ours), TCP_ESTABLISHED);
    EXPECT_THAT(call.caller.told(), ElementsAre("received 3 octets"));
  });
}

TEST(EndingTable, FinIsFinForEver) {
  in_own_network([] {
    Call call;
    call.end_by_fin();
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kFin));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kFin));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE_WAIT);
    EXPECT_THAT(call.caller.told(), ElementsAre("peer ended with FIN"));
  });
}

TEST(EndingTable, DataComesBeforeTheFinThatFollowedIt) {
  in_own_network([] {
    Call call;
    call.say("abc");
    call.end_by_fin();
    await(*call.ours, POLLRDHUP);
    EXPECT_THAT(call.next(), VariantWith<DataArrived>(_));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kFin));
    EXPECT_THAT(call.caller.told(), ElementsAre("received 3 octets", "peer ended with FIN"));
  });
}

TEST(EndingTable, ResetIsResetForEver) {
  in_own_network([] {
    Call call;
    call.end_by_reset();
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kReset));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kReset));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE);
    EXPECT_THAT(call.caller.told(), ElementsAre("peer ended with RST (ECONNRESET)"));
  });
}

TEST(EndingTable, DataComesBeforeTheResetThatFollowedIt) {
  in_own_network([] {
    Call call;
    call.say("abc");
    call.end_by_reset();
    await(*call.ours, POLLRDHUP);
    EXPECT_THAT(call.next(), VariantWith<DataArrived>(_));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kReset));
    EXPECT_THAT(call.caller.told(),
                ElementsAre("received 3 octets", "peer ended with RST (ECONNRESET)"));
  });
}

// recv never tells of it (KRN-04).
TEST(EndingTable, FinThenResetIsFinAndALaterReset) {
  in_own_network([] {
    Call call;
    call.end_by_fin();
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kFin));
    call.end_by_reset();
    EXPECT_TRUE(call.caller.later_reset(*call.ours, std::chrono::seconds(20)));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kFin));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE);
    EXPECT_THAT(call.caller.told(), ElementsAre("peer ended with FIN",
                                                "peer sent RST after its FIN (FIN, later reset)"));
  });
}

TEST(EndingTable, AfterOurHalfCloseFinIsFin) {
  in_own_network([] {
    Call call;
    EXPECT_EQ(call.ours->shutdown(), 0);
    call.end_by_fin();
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kFin));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE);  // what the socket sees of TIME_WAIT
  });
}

TEST(EndingTable, AfterOurHalfCloseResetIsReset) {
  in_own_network([] {
    Call call;
    EXPECT_EQ(call.ours->shutdown(), 0);
    call.end_by_reset();
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kReset));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE);
  });
}

// recv says ETIMEDOUT once and then 0, which is no FIN.
TEST(EndingTable, KeepaliveThatNobodyAnswersIsATimeOutAndNoFin) {
  in_own_network([] {
    Call call;
    set_option(call.ours->fd(), SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(call.ours->fd(), IPPROTO_TCP, TCP_KEEPIDLE, 1);
    set_option(call.ours->fd(), IPPROTO_TCP, TCP_KEEPINTVL, 1);
    set_option(call.ours->fd(), IPPROTO_TCP, TCP_KEEPCNT, 1);
    call.cut();
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kTimeout));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kTimeout));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE);
    EXPECT_THAT(call.caller.told(), ElementsAre("the kernel gave the peer up (ETIMEDOUT)"));
  });
}

TEST(EndingTable, AUserTimeOutIsATimeOutAndNoFin) {
  in_own_network([] {
    Call call;
    set_option(call.ours->fd(), IPPROTO_TCP, TCP_USER_TIMEOUT, 300);
    call.cut();
    EXPECT_THAT(call.caller.send(*call.ours, "x"), VariantWith<AllSent>(_));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kTimeout));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kTimeout));
    EXPECT_THAT(call.caller.told(),
                ElementsAre("sent 1 octet", "the kernel gave the peer up (ETIMEDOUT)"));
  });
}

TEST(EndingTable, ATimeOutThatSendMetIsNoFinAfterwards) {
  in_own_network([] {
    Call call;
    set_option(call.ours->fd(), IPPROTO_TCP, TCP_USER_TIMEOUT, 300);
    call.cut();
    EXPECT_THAT(call.caller.send(*call.ours, "x"), VariantWith<AllSent>(_));
    await(*call.ours, POLLIN);
    EXPECT_THAT(call.caller.send(*call.ours, "y"),
                VariantWith<PeerGone>(Field(&PeerGone::error, ETIMEDOUT)));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kTimeout));
  });
}

// RFC 1122 section 4.2.3.9: TCP must go on (KRN-26).
void expect_icmp_ends_nothing(const std::string& message) {
  Call call;
  call.cut("reject with icmp type " + message);
  EXPECT_THAT(call.caller.send(*call.ours, "x"), VariantWith<AllSent>(_));
  await(*call.ours, POLLERR);
  EXPECT_FALSE(call.ours->has_ended_unread());
  EXPECT_THAT(call.next_within(kQuiet), VariantWith<TimedOut>(_));
  EXPECT_EQ(state_of(*call.ours), TCP_ESTABLISHED);
  call.mend();
  call.say("abc");
  EXPECT_THAT(call.next(), VariantWith<DataArrived>(_));
  EXPECT_THAT(call.caller.told(), ElementsAre("sent 1 octet", MatchesRegex("ICMP said E.*goes on"),
                                              "received 3 octets"));
}

TEST(EndingTable, IcmpOnAConnectionEndsNothing) {
  for (const auto* message : {"host-unreachable", "net-unreachable", "port-unreachable"}) {
    SCOPED_TRACE(message);
    in_own_network([&] { expect_icmp_ends_nothing(message); });
  }
}

TEST(EndingTable, IcmpThatSendMeetsEndsNothing) {
  in_own_network([] {
    Call call;
    call.cut("reject with icmp type host-unreachable");
    EXPECT_THAT(call.caller.send(*call.ours, "x"), VariantWith<AllSent>(_));
    await(*call.ours, POLLERR);
    EXPECT_THAT(call.caller.send(*call.ours, "y"), VariantWith<AllSent>(_));
    EXPECT_THAT(
        call.caller.told(),
        ElementsAre("sent 1 octet", "ICMP said EHOSTUNREACH, and TCP goes on", "sent 1 octet"));
  });
}

TEST(EndingTable, HostUnreachableUntilTheUserTimeOutIsATimeOut) {
  in_own_network([] {
    Call call;
    set_option(call.ours->fd(), IPPROTO_TCP, TCP_USER_TIMEOUT, 1000);
    call.cut("reject with icmp type host-unreachable");
    EXPECT_THAT(call.caller.send(*call.ours, "x"), VariantWith<AllSent>(_));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kTimeout));
    EXPECT_THAT(call.next(), VariantWith<Ending>(Ending::kTimeout));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE);
    EXPECT_THAT(call.caller.told(),
                ElementsAre("sent 1 octet", "ICMP said EHOSTUNREACH, and TCP goes on",
                            "the kernel gave the peer up (EHOSTUNREACH)"));
  });
}

// By an administrator, with `ss -K` (sock_diag destroy): that is no deed of the peer's.
TEST(EndingTable, AConnectionDestroyedOnThisHostIsOurOwnTrouble) {
  in_own_network([] {
    Call call;
    sh("ss -K -H dst 10.0.0.2 | grep -q 10.0.0.2");  // finds none without CONFIG_INET_DIAG_DESTROY
    EXPECT_THAT(call.next(), VariantWith<LocalTrouble>(Field(&LocalTrouble::error, ECONNABORTED)));
    EXPECT_EQ(state_of(*call.ours), TCP_CLOSE);
    char octet = 0;
    EXPECT_EQ(::recv(call.theirs.get(), &octet, 1, 0), -1);
    EXPECT_EQ(errno, ECONNRESET);
  });
}

TEST(EndingTable, APeerThatVanishedIsSilent) {
  in_own_network([] {
    Call call;
    call.cut();
    call.far.sh(
        "nft 'add chain ip t o { type filter hook output priority 0; }; "
        "add rule ip t o tcp sport 7788 drop'");
    call.end_by_reset();
    EXPECT_THAT(call.next_within(kQuiet), VariantWith<TimedOut>(_));
    EXPECT_EQ(state_of(*call.ours), TCP_ESTABLISHED);
    EXPECT_THAT(call.caller.told(), ElementsAre());
  });
}

TEST(EndingTable, ASocketThatWasNeverConnectedIsOurOwnTrouble) {
  in_own_network([] {
    Caller caller;
    Recorder recorder;
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    Connection connection(caller.loop, recorder, "c", std::move(fd), SocketAddress(),
                          SocketAddress());
    EXPECT_THAT(caller.next(connection),
                VariantWith<LocalTrouble>(Field(&LocalTrouble::error, ENOTCONN)));
    EXPECT_EQ(state_of(connection), TCP_CLOSE);
  });
}

}  // namespace
}  // namespace dialtone
