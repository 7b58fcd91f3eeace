#include <gtest/gtest.h>

#include "harness/net/namespace_test_support.hpp"

/// What the network says to a connect: the rows of requirements 4.1 that another host answers.
namespace dialtone {
namespace {

using std::chrono::milliseconds;

constexpr auto kHost = "10.0.0.2:7788";
constexpr auto kHostV6 = "[fd00::2]:7788";

TEST(ConnectTable, AListenerWithRoomConnects) {
  in_own_network([] {
    const FarHost far;
    const auto listener = far.listen(kHost);
    const auto listener_v6 = far.listen(kHostV6);
    EXPECT_EQ(Caller().call(kHost), "connected");
    EXPECT_EQ(Caller().call(kHostV6), "connected");
  });
}

TEST(ConnectTable, WhereNobodyListensTheHostRefusesByRst) {
  in_own_network([] {
    const FarHost far;
    EXPECT_EQ(Caller().call(kHost), "refused (ECONNREFUSED)");
    EXPECT_EQ(Caller().call(kHostV6), "refused (ECONNREFUSED)");
  });
}

/// A firewall's answer, as nft(8) names it, and what we make of it.
struct Reject {
  std::string name;
  std::string to;
  std::string with;
  std::string outcome;
};

void PrintTo(const Reject& reject, std::ostream* out) { *out << reject.with; }

std::string family_of(const Reject& reject) { return reject.to == kHost ? "ip" : "ip6"; }

std::string reject_all(const Reject& reject) {
  return "nft 'add table " + family_of(reject) + " t; add chain " + family_of(reject) +
         " t c { type filter hook input priority 0; }; add rule " + family_of(reject) +
         " t c tcp dport 7788 reject with " + reject.with + "'";
}

class ConnectTableRejects : public ::testing::TestWithParam<Reject> {};

TEST_P(ConnectTableRejects, TellsWhichAnswerItWas) {
  in_own_network([] {
    const FarHost far;
    const auto listener = far.listen(GetParam().to);
    far.sh(reject_all(GetParam()));
    EXPECT_EQ(Caller().call(GetParam().to), GetParam().outcome);
  });
}

// A firewall of this host answers before the first call returns.
TEST_P(ConnectTableRejects, TellsItOfALocalRuleToo) {
  in_own_network([] {
    const bool is_v4 = GetParam().to == kHost;
    const std::string to = is_v4 ? "127.0.0.1:7788" : "[::1]:7788";
    const auto listener = listen_at(to);
    sh(reject_all(GetParam()));
    auto outcome = GetParam().outcome;
    const auto from = outcome.find(is_v4 ? "10.0.0.2" : "fd00::2");
    if (from != std::string::npos) outcome = outcome.substr(0, from) + "this host itself)";
    EXPECT_EQ(Caller().call(to), outcome);
  });
}

INSTANTIATE_TEST_SUITE_P(
    IPv4, ConnectTableRejects,
    ::testing::Values(
        Reject{"TcpReset", kHost, "tcp reset", "refused (ECONNREFUSED)"},
        Reject{"PortUnreachable", kHost, "icmp type port-unreachable",
               "refused (ECONNREFUSED, ICMP port unreachable from 10.0.0.2)"},
        Reject{"HostUnreachable", kHost, "icmp type host-unreachable",
               "unreachable (EHOSTUNREACH, ICMP host unreachable from 10.0.0.2)"},
        Reject{"HostProhibited", kHost, "icmp type host-prohibited",
               "unreachable (EHOSTUNREACH, ICMP host administratively prohibited from 10.0.0.2)"},
        Reject{"AdminProhibited", kHost, "icmp type admin-prohibited",
               "unreachable (EHOSTUNREACH, ICMP administratively prohibited from 10.0.0.2)"},
        Reject{"NetUnreachable", kHost, "icmp type net-unreachable",
               "unreachable (ENETUNREACH, ICMP net unreachable from 10.0.0.2)"},
        Reject{"NetProhibited", kHost, "icmp type net-prohibited",
               "unreachable (ENETUNREACH, ICMP net administratively prohibited from 10.0.0.2)"},
        Reject{"ProtocolUnreachable", kHost, "icmp type prot-unreachable",
               "unreachable (ENOPROTOOPT, ICMP protocol unreachable from 10.0.0.2)"}),
    [](const auto& each) { return each.param.name; });

INSTANTIATE_TEST_SUITE_P(
    IPv6, ConnectTableRejects,
    ::testing::Values(
        Reject{"TcpReset", kHostV6, "tcp reset", "refused (ECONNREFUSED)"},
        Reject{"PortUnreachable", kHostV6, "icmpv6 type port-unreachable",
               "refused (ECONNREFUSED, ICMPv6 port unreachable from fd00::2)"},
        Reject{"NoRoute", kHostV6, "icmpv6 type no-route",
               "unreachable (ENETUNREACH, ICMPv6 no route from fd00::2)"},
        Reject{"AddressUnreachable", kHostV6, "icmpv6 type addr-unreachable",
               "unreachable (EHOSTUNREACH, ICMPv6 address unreachable from fd00::2)"},
        // EACCES, which a local prohibit route gives too: only ICMP tells them apart.
        Reject{"AdminProhibited", kHostV6, "icmpv6 type admin-prohibited",
               "unreachable (EACCES, ICMPv6 administratively prohibited from fd00::2)"},
        Reject{"PolicyFail", kHostV6, "icmpv6 type policy-fail",
               "unreachable (EACCES, ICMPv6 source address failed policy from fd00::2)"},
        Reject{"RejectRoute", kHostV6, "icmpv6 type reject-route",
               "unreachable (EACCES, ICMPv6 reject route from fd00::2)"}),
    [](const auto& each) { return each.param.name; });

std::string drop_in(const std::string& hook) {
  return "nft 'add table inet t; add chain inet t c { type filter hook " + hook +
         " priority 0; }; add rule inet t c tcp dport 7788 drop'";
}

TEST(ConnectTable, AHostThatDropsIsATimeOut) {
  in_own_network([] {
    const FarHost far;
    const auto listener = far.listen(kHost);
    far.sh(drop_in("input"));
    EXPECT_EQ(Caller().call(kHost, milliseconds(200)), "timeout (no answer, filtered or busy)");
    EXPECT_EQ(Caller().call(kHostV6, milliseconds(200)), "timeout (no answer, filtered or busy)");
  });
}

// The rule makes no error of ours: the kernel takes the SYN for lost.
TEST(ConnectTable, ALocalRuleThatDropsIsATimeOutToo) {
  in_own_network([] {
    const FarHost far;
    const auto listener = far.listen(kHost);
    sh(drop_in("output"));
    EXPECT_EQ(Caller().call(kHost, milliseconds(200)), "timeout (no answer, filtered or busy)");
  });
}

TEST(ConnectTable, TheKernelsOwnTimeOutIsOneToo) {
  in_own_network([] {
    const FarHost far;
    far.sh(drop_in("input"));
    sh("sysctl -qw net.ipv4.tcp_syn_retries=1; sysctl -qw net.ipv4.tcp_syn_linear_timeouts=0 || :");
    EXPECT_EQ(Caller().call(kHost), "timeout (ETIMEDOUT, filtered or busy)");
  });
}

// The queue of a backlog of 0 holds one.
TEST(ConnectTable, AFullQueueOfAnotherHostLooksLikeAFilter) {
  in_own_network([] {
    const FarHost far;
    const auto listener = far.listen(kHost, 0);
    Caller caller;
    const auto waiting = caller.connect(kHost);
    EXPECT_EQ(caller.call(kHost, milliseconds(200)), "timeout (no answer, filtered or busy)");
  });
}

TEST(ConnectTable, WhereNobodyAnswersArpOrNdTheHostIsUnreachable) {
  in_own_network([] {
    const FarHost far;
    for (const auto* family : {"ipv4", "ipv6"})  // in place of three times a second
      sh(std::string("sysctl -qw net.") + family + ".neigh.near.retrans_time_ms=20");
    EXPECT_EQ(Caller().call("10.0.0.77:7788"),
              "unreachable (EHOSTUNREACH, ICMP host unreachable from this host itself)");
    EXPECT_EQ(Caller().call("[fd00::77]:7788"),
              "unreachable (EHOSTUNREACH, ICMPv6 address unreachable from this host itself)");
  });
}

}  // namespace
}  // namespace dialtone
