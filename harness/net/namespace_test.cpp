#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "harness/net/namespace_test_support.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {
namespace {

using ::testing::IsEmpty;

constexpr auto kHost = "10.0.0.2:7788";

std::string this_network() {
  std::array<char, 64> room{};
  const auto size = ::readlink("/proc/self/ns/net", room.data(), room.size());
  return {room.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

std::vector<SocketRow> connections() { return SocketTable::open().value().connections(0).value(); }

/// Leaves interfaces, rules, a connection in TIME_WAIT and one that waits.
void leave_much_behind() {
  const FarHost far;
  sh("nft 'add table ip t; add chain ip t c { type filter hook input priority 0; }; "
     "add rule ip t c tcp dport 7788 reject'");
  const auto listener = far.listen(kHost);
  Caller caller;
  const auto waiting = caller.connect(kHost);
  auto left = caller.connect(kHost);
  EXPECT_EQ(left->shutdown(), 0);
  EXPECT_THAT(connections(), ::testing::SizeIs(2));
}

TEST(Har19, EachCaseHasANetworkThatNoOtherCaseHasTouched) {
  const auto ours = this_network();
  in_own_network(leave_much_behind);
  in_own_network([&] {
    EXPECT_NE(this_network(), ours);
    EXPECT_THAT(connections(), IsEmpty());
    sh("test -z \"$(nft list ruleset)\"; ! ip link show near 2>/dev/null");
    leave_much_behind();
  });
  EXPECT_EQ(this_network(), ours);
}

// A test in a child that cannot fail would be a defect.
TEST(NamespaceSupportTest, WhatFailsInTheChildFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(in_own_network([] { ADD_FAILURE() << "so"; }), "so");
  EXPECT_NONFATAL_FAILURE(in_own_network([] { throw std::runtime_error("so"); }), "so");
  EXPECT_NONFATAL_FAILURE(in_own_network([] { ::raise(SIGKILL); }), "in the child");
}

}  // namespace
}  // namespace dialtone
