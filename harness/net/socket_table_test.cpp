#include "harness/net/socket_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <functional>
#include <thread>

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr int kBacklog = 5;

UniqueFd tcp_socket(int family = AF_INET) {
  return UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

UniqueFd bound(const SocketAddress& address) {
  auto fd = tcp_socket(address.family());
  EXPECT_EQ(::bind(fd.get(), address.data(), address.size()), 0);
  return fd;
}

UniqueFd listener_on(const SocketAddress& address) {
  auto fd = bound(address);
  EXPECT_EQ(::listen(fd.get(), kBacklog), 0);
  return fd;
}

UniqueFd connected_to(const SocketAddress& address) {
  auto fd = tcp_socket(address.family());
  EXPECT_EQ(::connect(fd.get(), address.data(), address.size()), 0);
  return fd;
}

UniqueFd accepted_by(const UniqueFd& listener) {
  return UniqueFd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

std::uint64_t inode_of(const UniqueFd& fd) {
  struct stat about {};
  EXPECT_EQ(::fstat(fd.get(), &about), 0);
  return about.st_ino;
}

class SocketTableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto table = SocketTable::open();
    if (!table.ok()) GTEST_SKIP() << table.error().text;
    table_.emplace(std::move(table.value()));
  }

  std::optional<SocketRow> find(const SocketAddress& local, const SocketAddress& peer) {
    auto row = table_->find(local, peer);
    EXPECT_TRUE(row.ok()) << (row.ok() ? "" : row.error().text);
    return row.ok() ? row.value() : std::nullopt;
  }

  /// Asks until `settled` likes the row, since a kernel's change takes its time; the last row.
  std::optional<SocketRow> find_until(const SocketAddress& local, const SocketAddress& peer,
                                      const std::function<bool(const SocketRow&)>& settled) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    auto row = find(local, peer);
    while (!(row && settled(*row)) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
      row = find(local, peer);
    }
    return row;
  }

  static std::function<bool(const SocketRow&)> in_state(TcpState state) {
    return [state](const SocketRow& row) { return row.state == state; };
  }

  std::optional<SocketTable> table_;
  UniqueFd listener_ = listener_on(SocketAddress::loopback_ipv4(0));
  SocketAddress server_ = *SocketAddress::local_of(listener_.get());
};

TEST_F(SocketTableTest, InodeIsZeroUntilTheConnectionIsAccepted) {
  const auto client = connected_to(server_);
  const auto from = *SocketAddress::local_of(client.get());

  const auto waiting = find(server_, from);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->state, TcpState::kEstablished);
  EXPECT_EQ(waiting->inode, 0U);

  const auto accepted = accepted_by(listener_);
  const auto row = find(server_, from);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->inode, inode_of(accepted));
  EXPECT_EQ(row->local, server_);
  EXPECT_EQ(row->peer, from);
  EXPECT_EQ(row->uid, ::getuid());
}

TEST_F(SocketTableTest, BothSidesOfAConnectionHaveTheirOwnRow) {
  const auto client = connected_to(server_);
  const auto from = *SocketAddress::local_of(client.get());
  const auto row = find(from, server_);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->inode, inode_of(client));
  EXPECT_EQ(row->local, from);
}

TEST_F(SocketTableTest, ListenerDoesNotStandInForAMissingConnection) {
  EXPECT_EQ(find(server_, SocketAddress::loopback_ipv4(1)), std::nullopt);
  EXPECT_EQ(find(server_, SocketAddress{}), std::nullopt);
}

TEST_F(SocketTableTest, UnknownPairIsNotAnError) {
  const auto nowhere = SocketAddress::ipv4(0x7f0a0b0c, 1);
  EXPECT_EQ(find(nowhere, nowhere.with_port(2)), std::nullopt);
}

TEST_F(SocketTableTest, UnixSocketsAreNotInIt) {
  const auto unix_socket = *SocketAddress::unix_socket("@a");
  EXPECT_FALSE(table_->find(unix_socket, unix_socket).ok());
}

TEST_F(SocketTableTest, PairOfTwoFamiliesIsAnError) {
  const auto row = table_->find(server_, *SocketAddress::from_host("::1", 1));
  ASSERT_FALSE(row.ok());
  EXPECT_EQ(row.error().code, EAFNOSUPPORT);
}

TEST_F(SocketTableTest, ReceiveQueueCountsWhatWasNotRead) {
  const auto client = connected_to(server_);
  const auto accepted = accepted_by(listener_);
  const auto from = *SocketAddress::local_of(client.get());
  ASSERT_EQ(::send(client.get(), "12345", 5, MSG_NOSIGNAL), 5);
  const auto filled =
      find_until(server_, from, [](const SocketRow& row) { return row.receive_queue == 5; });
  EXPECT_EQ(filled->receive_queue, 5U);

  char text[3];
  ASSERT_EQ(::recv(accepted.get(), text, sizeof text, 0), 3);
  EXPECT_EQ(find(server_, from)->receive_queue, 2U);
}

TEST_F(SocketTableTest, FinThatWasNotReadCountsAsOneOctet) {
  const auto client = connected_to(server_);
  const auto accepted = accepted_by(listener_);
  const auto from = *SocketAddress::local_of(client.get());
  ASSERT_EQ(::shutdown(client.get(), SHUT_WR), 0);
  const auto row = find_until(server_, from, in_state(TcpState::kCloseWait));
  EXPECT_EQ(row->state, TcpState::kCloseWait);
  EXPECT_EQ(row->receive_queue, 1U);

  char octet = 0;
  ASSERT_EQ(::recv(accepted.get(), &octet, 1, 0), 0);
  EXPECT_EQ(find(server_, from)->receive_queue, 0U);
}

TEST_F(SocketTableTest, TimeWaitIsFoundOnTheSideThatClosedFirst) {
  auto client = connected_to(server_);
  auto accepted = accepted_by(listener_);
  const auto from = *SocketAddress::local_of(client.get());
  client.reset();
  EXPECT_EQ(find_until(from, server_, in_state(TcpState::kFinWait2))->state, TcpState::kFinWait2);
  accepted.reset();
  const auto row = find_until(from, server_, in_state(TcpState::kTimeWait));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->state, TcpState::kTimeWait);
  EXPECT_EQ(row->inode, 0U);
}

TEST_F(SocketTableTest, HandshakeThatIsNotFinishedIsSynRecv) {
  // A listener with TCP_DEFER_ACCEPT stays in SYN_RECV until the first octet arrives.
  const int seconds = 30;
  ASSERT_EQ(::setsockopt(listener_.get(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds),
            0);
  const auto client = connected_to(server_);
  const auto row = find(server_, *SocketAddress::local_of(client.get()));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->state, TcpState::kSynRecv);
  EXPECT_EQ(row->inode, 0U);
}

TEST_F(SocketTableTest, ListenerShowsItsBacklogAndWhoWaits) {
  const auto first = connected_to(server_);
  const auto second = connected_to(server_);
  const auto rows = table_->listeners(server_.port());
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows.value().size(), 1U);
  const auto& row = rows.value().front();
  EXPECT_EQ(row.local, server_);
  EXPECT_EQ(row.state, TcpState::kListen);
  EXPECT_EQ(row.receive_queue, 2U);
  EXPECT_EQ(row.send_queue, static_cast<unsigned>(kBacklog));
  EXPECT_EQ(row.inode, inode_of(listener_));
}

TEST_F(SocketTableTest, ListenersOfEveryPortAreListedWithPortZero) {
  const auto other = listener_on(SocketAddress::loopback_ipv4(0));
  const auto rows = table_->listeners(0);
  ASSERT_TRUE(rows.ok());
  EXPECT_THAT(rows.value(), Contains(Field(&SocketRow::inode, inode_of(listener_))));
  EXPECT_THAT(rows.value(), Contains(Field(&SocketRow::inode, inode_of(other))));
}

TEST_F(SocketTableTest, BoundSocketThatDoesNotListenIsNoListener) {
  const auto silent = bound(SocketAddress::loopback_ipv4(0));
  const auto rows = table_->listeners(SocketAddress::local_of(silent.get())->port());
  ASSERT_TRUE(rows.ok());
  EXPECT_THAT(rows.value(), IsEmpty());
}

TEST_F(SocketTableTest, ConnectionsAreFilteredByPortAndState) {
  const auto client = connected_to(server_);
  const auto half = connected_to(server_);
  const auto from = *SocketAddress::local_of(half.get());
  ASSERT_EQ(::shutdown(half.get(), SHUT_WR), 0);
  find_until(server_, from, in_state(TcpState::kCloseWait));

  const auto all = table_->connections(server_.port());
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all.value().size(), 2U) << "the listener and the clients' sides are not among them";
  const auto waiting = table_->connections(server_.port(), states_of({TcpState::kCloseWait}));
  ASSERT_TRUE(waiting.ok());
  ASSERT_EQ(waiting.value().size(), 1U);
  EXPECT_EQ(waiting.value().front().peer, from);
}

TEST_F(SocketTableTest, DumpLargerThanOnePortionIsComplete) {
  constexpr std::size_t many = 400;  // of about 100 octets each
  std::vector<UniqueFd> held;
  while (held.size() < 2 * many) {
    held.push_back(connected_to(server_));
    held.push_back(accepted_by(listener_));
  }
  const auto rows = table_->connections(server_.port());
  ASSERT_TRUE(rows.ok()) << rows.error().text;
  // Another program's connection may have the same port number for its own end: only ours are
  // counted.
  std::size_t ours = 0;
  for (std::size_t i = 1; i < held.size(); i += 2) {
    const auto inode = inode_of(held[i]);
    ours += static_cast<std::size_t>(std::ranges::count(rows.value(), inode, &SocketRow::inode));
  }
  EXPECT_EQ(ours, many);
}

TEST_F(SocketTableTest, DualStackServerIsSeenByItsIpv4Pair) {
  const auto dual = tcp_socket(AF_INET6);
  const auto any = *SocketAddress::from_host("::", 0);
  const int off = 0;
  if (!dual || ::setsockopt(dual.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0 ||
      ::bind(dual.get(), any.data(), any.size()) != 0)
    GTEST_SKIP() << "no IPv6 here";
  ASSERT_EQ(::listen(dual.get(), kBacklog), 0);
  const auto port = SocketAddress::local_of(dual.get())->port();
  const auto client = connected_to(SocketAddress::loopback_ipv4(port));
  const auto accepted = accepted_by(dual);
  const auto row = find(SocketAddress::loopback_ipv4(port), *SocketAddress::local_of(client.get()));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->inode, inode_of(accepted));
  const auto listeners = table_->listeners(port);
  ASSERT_TRUE(listeners.ok());
  EXPECT_THAT(listeners.value(), Contains(Field(&SocketRow::inode, inode_of(dual))));
}

class ListenerOnEveryIpv6Address : public SocketTableTest,
                                   public ::testing::WithParamInterface<bool> {};

TEST_P(ListenerOnEveryIpv6Address, TellsWhetherItTakesIpv4Too) {
  const auto listener = tcp_socket(AF_INET6);
  const auto any = *SocketAddress::from_host("::", 0);
  const int only = GetParam() ? 1 : 0;
  if (!listener ||
      ::setsockopt(listener.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) != 0 ||
      ::bind(listener.get(), any.data(), any.size()) != 0)
    GTEST_SKIP() << "no IPv6 here";
  ASSERT_EQ(::listen(listener.get(), kBacklog), 0);
  const auto port = SocketAddress::local_of(listener.get())->port();
  const auto rows = table_->listeners(port);
  ASSERT_TRUE(rows.ok());
  const auto row = std::ranges::find(rows.value(), inode_of(listener), &SocketRow::inode);
  ASSERT_NE(row, rows.value().end());
  EXPECT_EQ(row->only_ipv6, GetParam());
  EXPECT_EQ(takes(*row, SocketAddress::loopback_ipv4(port)), !GetParam());
  EXPECT_TRUE(takes(*row, *SocketAddress::from_host("::1", port)));
}

INSTANTIATE_TEST_SUITE_P(Both, ListenerOnEveryIpv6Address, ::testing::Bool());

}  // namespace
}  // namespace dialtone
