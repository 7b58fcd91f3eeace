#include "harness/net/socket_address.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/un.h>

#include <cstring>
#include <set>

#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Optional;

TEST(SocketAddressTest, ParsesIpv4AndPort) {
  const auto address = SocketAddress::parse("127.0.0.1:7788");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host(), "127.0.0.1");
  EXPECT_EQ(address->port(), 7788);
  EXPECT_EQ(address->family(), AF_INET);
  EXPECT_EQ(address->to_string(), "127.0.0.1:7788");
  EXPECT_EQ(*address, SocketAddress::loopback_ipv4(7788));
}

TEST(SocketAddressTest, ParsesBracketedIpv6) {
  const auto address = SocketAddress::parse("[::1]:80");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->family(), AF_INET6);
  EXPECT_EQ(address->host(), "::1");
  EXPECT_EQ(address->to_string(), "[::1]:80");
  EXPECT_TRUE(address->is_loopback());
}

class SocketAddressRejects : public ::testing::TestWithParam<std::string_view> {};

TEST_P(SocketAddressRejects, WhatIsNotAnAddressAndAPort) {
  EXPECT_EQ(SocketAddress::parse(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Texts, SocketAddressRejects,
                         ::testing::Values("", ":", ":80", "127.0.0.1",
                                           "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+5",
                                           "127.0.0.1: 5", "127.0.0.1:5 ", "127.0.0.1:0x10",
                                           "1.2.3:4", "256.0.0.1:1", "localhost:80", "::1:80",
                                           "[::1]", "[127.0.0.1]:80", "[]:1", "unix:", "unix:@",
                                           "[fe80::1%no-such-if]:1", "[::1%]:1",
                                           std::string_view("127.0.0.1\0:80", 13)));

TEST(SocketAddressTest, TakesTheWholeRangeOfPorts) {
  EXPECT_THAT(SocketAddress::parse("0.0.0.0:0"), Optional(Eq(SocketAddress{})));
  EXPECT_THAT(SocketAddress::parse("1.2.3.4:65535"),
              Optional(Eq(SocketAddress::ipv4(0x01020304, 65535))));
}

TEST(SocketAddressTest, WithPortChangesOnlyThePort) {
  EXPECT_EQ(SocketAddress::parse("10.0.0.1:1")->with_port(2).to_string(), "10.0.0.1:2");
  EXPECT_EQ(SocketAddress::parse("[fe80::1]:1")->with_port(2).to_string(), "[fe80::1]:2");
}

TEST(SocketAddressTest, TellsAnyAndLoopbackFromOthers) {
  EXPECT_TRUE(SocketAddress::any_ipv4(1).is_any());
  EXPECT_TRUE(SocketAddress::from_host("::", 1)->is_any());
  EXPECT_FALSE(SocketAddress::loopback_ipv4(1).is_any());
  EXPECT_TRUE(SocketAddress::from_host("127.9.8.7", 1)->is_loopback());
  EXPECT_FALSE(SocketAddress::from_host("128.0.0.1", 1)->is_loopback());
}

TEST(SocketAddressTest, ComparesHostFamilyAndPort) {
  const auto address = SocketAddress::loopback_ipv4(5);
  EXPECT_NE(address, address.with_port(6));
  EXPECT_NE(address, SocketAddress::from_host("127.0.0.2", 5));
  EXPECT_NE(address, SocketAddress::from_host("::ffff:127.0.0.1", 5));
  const std::set<SocketAddress> ordered{address.with_port(9), address, address.with_port(7)};
  EXPECT_THAT(ordered, ElementsAre(address, address.with_port(7), address.with_port(9)));
}

TEST(SocketAddressTest, UnmapsOnlyMappedIpv4) {
  EXPECT_EQ(SocketAddress::from_host("::ffff:10.1.2.3", 5)->unmapped().to_string(), "10.1.2.3:5");
  EXPECT_EQ(SocketAddress::from_host("::1", 5)->unmapped().to_string(), "[::1]:5");
  EXPECT_EQ(SocketAddress::loopback_ipv4(5).unmapped(), SocketAddress::loopback_ipv4(5));
}

TEST(SocketAddressTest, ParsesUnixNames) {
  const auto path = SocketAddress::parse("unix:/run/a:b.sock");
  ASSERT_TRUE(path);
  EXPECT_TRUE(path->is_unix());
  EXPECT_TRUE(path->is_loopback());
  EXPECT_FALSE(path->is_any());
  EXPECT_EQ(path->family(), AF_UNIX);
  EXPECT_EQ(path->host(), "/run/a:b.sock");
  EXPECT_EQ(path->port(), 0);
  EXPECT_EQ(path->with_port(7), *path);
  EXPECT_EQ(path->to_string(), "unix:/run/a:b.sock");
  EXPECT_EQ(SocketAddress::parse("unix:@a")->to_string(), "unix:@a");
}

TEST(SocketAddressTest, AUnixNameHasALimit) {
  const std::string longest(SocketAddress::kLongestUnixName, 'x');
  EXPECT_EQ(SocketAddress::unix_socket(longest)->host(), longest);
  EXPECT_EQ(SocketAddress::unix_socket(longest + "x"), std::nullopt);
}

TEST(SocketAddressTest, UnixNamesGoThroughTheKernelAndBack) {
  const auto wanted = *SocketAddress::unix_socket("@dialtone-test-name");
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(SocketAddress::local_of(fd.get())->to_string(), "unix:");
  ASSERT_EQ(::bind(fd.get(), wanted.data(), wanted.size()), 0);
  EXPECT_EQ(SocketAddress::local_of(fd.get()), wanted);
}

TEST(SocketAddressTest, FamiliesAndNamesStayApart) {
  const std::set<SocketAddress> ordered{
      *SocketAddress::parse("unix:/b"), *SocketAddress::parse("unix:/a"),
      *SocketAddress::parse("unix:@a"), *SocketAddress::parse("[::1]:1"),
      SocketAddress::loopback_ipv4(1)};
  EXPECT_EQ(ordered.size(), 5U);
  EXPECT_TRUE(ordered.begin()->is_ipv4());
  EXPECT_TRUE(ordered.rbegin()->is_unix());
}

TEST(SocketAddressTest, AScopeIsPartOfAnAddress) {
  const auto scoped = SocketAddress::parse("[fe80::1%lo]:80");
  ASSERT_TRUE(scoped);
  EXPECT_EQ(scoped->to_string(), "[fe80::1%lo]:80");
  EXPECT_NE(*scoped, SocketAddress::parse("[fe80::1]:80"));
}

TEST(SocketAddressTest, GoesThroughTheKernelAndBack) {
  for (const auto* host : {"127.0.0.1", "::1"}) {
    const auto wanted = *SocketAddress::from_host(host, 0);
    const UniqueFd fd(::socket(wanted.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!fd || ::bind(fd.get(), wanted.data(), wanted.size()) != 0) {
      ASSERT_EQ(wanted.family(), AF_INET6) << "IPv4 loopback must work";
      continue;  // no IPv6 here
    }
    const auto bound = SocketAddress::local_of(fd.get());
    ASSERT_TRUE(bound);
    EXPECT_NE(bound->port(), 0);
    EXPECT_EQ(bound->with_port(0), wanted);
    EXPECT_EQ(SocketAddress::peer_of(fd.get()), std::nullopt) << "not connected";
  }
}

TEST(SocketAddressTest, RefusesOtherFamiliesAndShortOnes) {
  sockaddr_storage other{};
  other.ss_family = AF_NETLINK;
  EXPECT_EQ(SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&other), sizeof other),
            std::nullopt);
  const auto address = SocketAddress::loopback_ipv4(5);
  EXPECT_EQ(SocketAddress::from_sockaddr(address.data(), address.size() - 1), std::nullopt);
  EXPECT_EQ(SocketAddress::from_sockaddr(address.data(), 0), std::nullopt);
}

}  // namespace
}  // namespace dialtone
