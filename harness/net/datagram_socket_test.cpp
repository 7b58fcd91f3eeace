#include "harness/net/datagram_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <functional>
#include <variant>

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

  /// How many came before the wait was over.
  int datagrams_until(DatagramSocket& socket, Deadline deadline,
                      const std::function<void()>& on_each) {
    int count = 0;
    const auto read_all = [&]() -> Task<> {
      while (true) {
        const auto seen = co_await socket.arrival(deadline);
        if (!std::holds_alternative<Datagram>(seen)) break;
        ++count;
        on_each();
      }
      context_.stop();
    };
    asio::co_spawn(loop_.executor(), read_all(), asio::detached);
    context_.run();
    return count;
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

TEST_F(DatagramSocketTest, AllThatTheKernelHadAtTheDeadlineHasCome) {
  const auto socket = dialed(true);
  for (int i = 0; i < 200; ++i) send_to(*socket, "x");
  EXPECT_EQ(datagrams_until(*socket, Deadline(loop_, Duration::zero()), [] {}), 200);
}

TEST_F(DatagramSocketTest, APeerThatNeverPausesDoesNotOutliveTheDeadline) {
  const auto socket = dialed(true);
  constexpr int kMany = 100'000;
  int sent = 1;
  send_to(*socket, "x");
  const auto send_one_more = [&] {
    if (++sent < kMany) send_to(*socket, "x");
  };
  EXPECT_LT(datagrams_until(*socket, Deadline(loop_, Duration::zero()), send_one_more), kMany / 2);
}

TEST_F(DatagramSocketTest, APeerThatNeverPausesDoesNotKeepTheLoopFromOthers) {
  const auto socket = dialed(true);
  for (int i = 0; i < 3 * FloodGuard::kReadsInARow; ++i) send_to(*socket, "x");
  int seen_by_others = 0;
  int seen = 0;
  const auto read_all = [&]() -> Task<> {
    asio::post(loop_.executor(), [&] { seen_by_others = seen; });
    for (; seen < 2 * FloodGuard::kReadsInARow; ++seen)
      co_await socket->arrival(Deadline(loop_, std::chrono::hours(1)));
    context_.stop();
  };
  asio::co_spawn(loop_.executor(), read_all(), asio::detached);
  context_.run();
  EXPECT_LT(seen_by_others, 2 * FloodGuard::kReadsInARow);
  EXPECT_GT(seen_by_others, 0);
}

}  // namespace
}  // namespace dialtone
