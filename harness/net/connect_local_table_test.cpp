#include <gtest/gtest.h>

#include "harness/net/namespace_test_support.hpp"

/// What this host says to a connect of its own: the other rows of requirements 4.1.
namespace dialtone {
namespace {

using std::chrono::milliseconds;

constexpr auto kHere = "127.0.0.1:7788";

TEST(ConnectLocalTable, AListenerConnectsAndAClosedPortRefuses) {
  in_own_network([] {
    EXPECT_EQ(Caller().call(kHere), "refused (ECONNREFUSED)");
    EXPECT_EQ(Caller().call("[::1]:7788"), "refused (ECONNREFUSED)");
    const auto listener = listen_at(kHere);
    EXPECT_EQ(Caller().call(kHere), "connected");
  });
}

TEST(ConnectLocalTable, AFullQueueIsToldFromAFilter) {
  in_own_network([] {
    const auto listener = listen_at(kHere, 0);
    Caller caller;
    const auto waiting = caller.connect(kHere);
    EXPECT_EQ(caller.call(kHere, milliseconds(200)),
              "timeout (no answer, busy: the listener's accept queue is full, 1 wait with a "
              "backlog of 0)");
  });
}

TEST(ConnectLocalTable, AFilterBeforeAListenerWithRoomIsNotCalledBusy) {
  in_own_network([] {
    const auto listener = listen_at(kHere, 0);
    sh("nft 'add table ip t; add chain ip t c { type filter hook input priority 0; }; "
       "add rule ip t c tcp dport 7788 drop'");
    EXPECT_EQ(Caller().call(kHere, milliseconds(200)), "timeout (no answer, filtered or busy)");
  });
}

// Its port is the same, but it would not have taken the call.
TEST(ConnectLocalTable, AFullListenerElsewhereIsNoReason) {
  in_own_network([] {
    const FarHost far;
    const auto busy = listen_at("0.0.0.0:7788", 0);
    Caller caller;
    const auto waiting = caller.connect(kHere);
    far.sh(
        "nft 'add table ip t; add chain ip t c { type filter hook input priority 0; }; "
        "add rule ip t c tcp dport 7788 drop'");
    EXPECT_EQ(caller.call("10.0.0.2:7788", milliseconds(200)),
              "timeout (no answer, filtered or busy)");
  });
}

TEST(ConnectLocalTable, WithoutARouteTheNetIsUnreachable) {
  in_own_network([] {
    EXPECT_EQ(Caller().call("10.1.0.1:7788"), "unreachable (ENETUNREACH, no route on this host)");
    EXPECT_EQ(Caller().call("[fd01::1]:7788"), "unreachable (ENETUNREACH, no route on this host)");
  });
}

TEST(ConnectLocalTable, AnUnreachableRouteIsUnreachable) {
  in_own_network([] {
    sh("ip route add unreachable 10.1.0.0/24; ip route add unreachable fd01::/64");
    EXPECT_EQ(Caller().call("10.1.0.1:7788"),
              "unreachable (EHOSTUNREACH, by a route of this host)");
    EXPECT_EQ(Caller().call("[fd01::1]:7788"),
              "unreachable (EHOSTUNREACH, by a route of this host)");
  });
}

TEST(ConnectLocalTable, ABlackholeRouteIsOurOwnTrouble) {
  in_own_network([] {
    sh("ip route add blackhole 10.1.0.0/24; ip route add blackhole fd01::/64");
    EXPECT_EQ(Caller().call("10.1.0.1:7788"),
              "error: connect to 10.1.0.1:7788 (a blackhole route of this host, or an address "
              "without its interface): EINVAL");
    EXPECT_EQ(Caller().call("[fd01::1]:7788"),
              "error: connect to [fd01::1]:7788 (a blackhole route of this host, or an address "
              "without its interface): EINVAL");
  });
}

TEST(ConnectLocalTable, AProhibitRouteIsOurOwnTrouble) {
  in_own_network([] {
    sh("ip route add prohibit 10.1.0.0/24; ip route add prohibit fd01::/64");
    EXPECT_EQ(Caller().call("10.1.0.1:7788"),
              "error: connect to 10.1.0.1:7788 (forbidden by a route or a rule of this host): "
              "EACCES");
    EXPECT_EQ(Caller().call("[fd01::1]:7788"),
              "error: connect to [fd01::1]:7788 (forbidden by a route or a rule of this host): "
              "EACCES");
  });
}

TEST(ConnectLocalTable, AnAddressOfManyHostsIsUnreachable) {
  in_own_network([] {
    const FarHost far;
    sh("ip route add default via 10.0.0.2; ip route add default via fd00::2");
    for (const auto* to : {"10.0.0.255:7788", "255.255.255.255:7788", "127.255.255.255:7788",
                           "224.0.0.1:7788", "[ff02::1%near]:7788", "[ff0e::1]:7788"}) {
      EXPECT_EQ(Caller().call(to), "unreachable (ENETUNREACH, a broadcast or multicast address)")
          << to;
    }
  });
}

TEST(ConnectLocalTable, WithoutIpv6ItSaysSo) {
  in_own_network([] {
    sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
    EXPECT_EQ(Caller().call("[::1]:7788"),
              "error: connect to [::1]:7788 (IPv6 is switched off on this host): EADDRNOTAVAIL");
  });
}

}  // namespace
}  // namespace dialtone
