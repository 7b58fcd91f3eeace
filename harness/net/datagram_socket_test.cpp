#include "harness/net/datagram_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <asio/io_context.hpp>

namespace dialtone {
namespace {

class DatagramSocketTest : public testing::Test {
 protected:
  DatagramSocketTest() : loop_(context_), peer_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const auto any = SocketAddress::loopback_ipv4(0);
    ::bind(peer_.get(), any.data(), any.size());
  }
  ~DatagramSocketTest() override { loop_.shutdown(); }

  std::unique_ptr<DatagramSocket> dialed(bool connected) {
    auto result = dial_datagrams(
        loop_, recorder_, {"c", *SocketAddress::local_of(peer_.get()), std::nullopt, connected});
    return std::move(std::get<std::unique_ptr<DatagramSocket>>(result));
  }
  void send_to(const DatagramSocket& socket, std::string_view octets) const {
    ::sendto(peer_.get(), octets.data(), octets.size(), 0, socket.local().data(),
             socket.local().size());
  }

  asio::io_context context_{1};
  Loop loop_;
  Recorder recorder_;
  UniqueFd peer_;
};

TEST_F(DatagramSocketTest, KeepsBoundariesAndTakesNoOctetsForAMessage) {
  const auto socket = dialed(true);
  EXPECT_FALSE(socket->arrived().has_value());
  send_to(*socket, "ab");
  send_to(*socket, "");
  send_to(*socket, "cd");
  for (const auto* octets : {"ab", "", "cd"}) {
    const auto seen = socket->arrived();
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(std::get<Datagram>(*seen).octets, octets);
  }
  EXPECT_FALSE(socket->arrived().has_value());
}

TEST_F(DatagramSocketTest, ConnectSendsNothing) {
  const auto socket = dialed(true);
  char room[1];
  EXPECT_EQ(::recv(peer_.get(), room, sizeof room, MSG_DONTWAIT), -1);
}

TEST_F(DatagramSocketTest, SaysWhomADatagramIsFrom) {
  const auto socket = dialed(false);
  const auto peer = *SocketAddress::local_of(peer_.get());
  EXPECT_TRUE(socket->is_from_peer({"ab", peer}));
  EXPECT_FALSE(socket->is_from_peer({"ab", SocketAddress::loopback_ipv4(1)}));
}

TEST_F(DatagramSocketTest, ALateReplyIsForgivenAsOftenAsItWasAskedAgain) {
  const auto socket = dialed(true);
  socket->allow_again("ab", 1);
  EXPECT_FALSE(socket->is_late({"cd", socket->peer()}));
  EXPECT_TRUE(socket->is_late({"ab", socket->peer()}));
  EXPECT_FALSE(socket->is_late({"ab", socket->peer()}));
}

}  // namespace
}  // namespace dialtone
