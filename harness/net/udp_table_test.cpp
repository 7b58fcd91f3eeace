#include "harness/net/udp_table.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>

#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

TEST(UdpTableTest, ShowsABoundSocketWithItsInode) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto any = SocketAddress::loopback_ipv4(0);
  ASSERT_EQ(::bind(fd.get(), any.data(), any.size()), 0);
  const auto address = *SocketAddress::local_of(fd.get());
  struct stat status {};
  ASSERT_EQ(::fstat(fd.get(), &status), 0);
  const auto sockets = udp_sockets(address.port());
  EXPECT_TRUE(std::ranges::any_of(sockets, [&](const UdpSocket& socket) {
    return is_at(socket, address) && socket.inode == status.st_ino;
  }));
}

TEST(UdpTableTest, LeavesOutHeadingsAndMalformedLines) {
  EXPECT_TRUE(
      udp_sockets_in("  sl  local_address rem_address st\n\nx y\n 1: 7F:ZZ a b c d e f g 9\n")
          .empty());
}

TEST(UdpTableTest, OneThatHasEveryAddressIsAtEach) {
  const UdpSocket socket{SocketAddress::any_ipv4(7788), 1};
  EXPECT_TRUE(is_at(socket, SocketAddress::loopback_ipv4(7788)));
  EXPECT_FALSE(is_at(socket, SocketAddress::loopback_ipv4(7789)));
  EXPECT_FALSE(
      is_at({SocketAddress::ipv4(0x7f000002, 7788), 1}, SocketAddress::loopback_ipv4(7788)));
}

}  // namespace
}  // namespace dialtone
