#include "harness/runner/time_wait.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <thread>
#include <utility>
#include <vector>

#include "harness/net/namespace_test_support.hpp"
#include "harness/runner/process_endpoint.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// errno of binding the port without SO_REUSEADDR, as the article's server does; 0 where it works.
int bind_again(const SocketAddress& address) {
  const UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::bind(fd.get(), address.data(), address.size()) == 0 ? 0 : errno;
}

class TimeWaitTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (family_trouble(host())) GTEST_SKIP() << *family_trouble(host());
  }
  static SocketAddress host() { return *SocketAddress::from_host(GetParam(), 0); }

  /// Those of the server's address: another program, or the same test over the other protocol, may
  /// have left some of the same port elsewhere.
  std::vector<SocketRow> of_the_address(std::vector<SocketRow> rows) const {
    std::erase_if(rows, [this](const SocketRow& row) { return row.local != address; });
    return rows;
  }
  std::vector<SocketRow> time_waits() {
    return of_the_address(
        table.value().connections(address.port(), states_of({TcpState::kTimeWait})).value());
  }

  /// The last client's kernel has acknowledged the server's FIN: an ACK that came behind the
  /// client's FIN would be answered, and the RST to that answer would end TIME_WAIT (RFC 1337).
  void await_fin_wait2() {
    const auto give_up = Clock::now() + kPatience;
    const auto state = [&] {
      const auto row = table.value().find(address, client_address).value();
      return row ? row->state : TcpState::kClose;
    };
    while (state() != TcpState::kFinWait2 && Clock::now() < give_up) std::this_thread::yield();
    ASSERT_EQ(state(), TcpState::kFinWait2);
  }

  /// So many clients, each of which the server leaves first; then nobody listens any more.
  void leave_time_wait(int clients) {
    // No port that the kernel gives to the connections of others.
    PeerListener server(128, host().with_port(free_port(host())));
    address = server.address();
    for (int i = 0; i < clients; ++i) {
      UniqueFd client(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
      ASSERT_EQ(::connect(client.get(), address.data(), address.size()), 0);
      client_address = SocketAddress::local_of(client.get()).value();
      auto accepted = server.accept();
      accepted.shutdown();
      ASSERT_NO_FATAL_FAILURE(await_fin_wait2());
      PeerSocket(std::move(client)).await_end();  // and closes
      EXPECT_EQ(accepted.await_end(), "FIN");
    }
    const auto give_up = Clock::now() + kPatience;
    while (static_cast<int>(time_waits().size()) < clients && Clock::now() < give_up)
      std::this_thread::yield();
    ASSERT_THAT(time_waits(), SizeIs(clients));
  }

  void clear() {
    const auto task = [this]() -> Task<> {
      co_await clear_time_wait(loop.loop(), table.value(), address.port());
    };
    loop.run(task());
  }

  ScenarioLoop loop;
  OsResult<SocketTable> table = SocketTable::open();
  SocketAddress address;
  SocketAddress client_address;  ///< of the last one
};

TEST_P(TimeWaitTest, WithoutItThePortCannotBeBoundAgain) {
  leave_time_wait(1);
  EXPECT_EQ(bind_again(address), EADDRINUSE);
}

TEST_P(TimeWaitTest, AfterItThePortCanBeBoundAgain) {
  leave_time_wait(1);
  clear();
  EXPECT_THAT(time_waits(), IsEmpty());
  EXPECT_EQ(bind_again(address), 0);
}

TEST_P(TimeWaitTest, ClearsManyAtOnce) {
  leave_time_wait(20);
  clear();
  EXPECT_EQ(bind_again(address), 0);
}

/// A connection from exactly this address, by the kernel's own choice among one port. None where
/// the kernel is older than that option (Linux 6.3).
UniqueFd connect_from(const SocketAddress& from, const SocketAddress& to) {
  constexpr int kLocalPortRange = 51;
  UniqueFd fd(::socket(from.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  const std::uint32_t range = std::uint32_t{from.port()} << 16 | from.port();
  const auto host = from.with_port(0);
  ::setsockopt(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const bool narrowed =
      ::setsockopt(fd.get(), IPPROTO_IP, kLocalPortRange, &range, sizeof range) == 0;
  if (!narrowed) return {};
  EXPECT_EQ(::bind(fd.get(), host.data(), host.size()), 0);
  EXPECT_EQ(::connect(fd.get(), to.data(), to.size()), 0);
  EXPECT_EQ(SocketAddress::local_of(fd.get()), from);
  return fd;
}

// On a busy host the old client's port is often in use again, towards somebody else: bind(2)
// refuses it then.
TEST_P(TimeWaitTest, AnotherConnectionFromTheOldClientsPortIsNoObstacle) {
  leave_time_wait(1);
  const PeerListener somebody_else(8, host());
  const auto other = connect_from(client_address, somebody_else.address());
  if (!other) GTEST_SKIP() << "this kernel has no IP_LOCAL_PORT_RANGE";
  ASSERT_EQ(bind_again(client_address), EADDRINUSE);
  clear();
  EXPECT_EQ(bind_again(address), 0);
}

TEST_P(TimeWaitTest, LeavesThePortsOfOthersAlone) {
  leave_time_wait(1);
  const auto task = [this]() -> Task<> {
    co_await clear_time_wait(loop.loop(), table.value(),
                             static_cast<std::uint16_t>(address.port() ^ 1));
  };
  loop.run(task());
  EXPECT_THAT(time_waits(), SizeIs(1));
}

TEST_P(TimeWaitTest, LeavesNothingOfItsOwn) {
  leave_time_wait(5);
  const auto before = open_descriptors();
  clear();
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_THAT(of_the_address(table.value().connections(address.port()).value()), IsEmpty());
}

/// Without a FIN or a RST: as if the kernel had dropped it.
void close_silently(UniqueFd socket) {
  const int on = 1;
  ASSERT_EQ(::setsockopt(socket.get(), IPPROTO_TCP, TCP_REPAIR, &on, sizeof on), 0);
}

TEST(FinWait2Test, WhatAServersCloseDidNotHearIsClearedToo) {
  in_own_network([] {
    auto table = SocketTable::open();
    PeerListener server;
    const auto address = server.address();
    UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::connect(client.get(), address.data(), address.size()), 0);
    server.accept().close();
    server.close();
    const auto give_up = Clock::now() + kPatience;
    const auto rows = [&] {
      return table.value().connections(address.port(), states_of({TcpState::kFinWait2})).value();
    };
    while (rows().empty() && Clock::now() < give_up) std::this_thread::yield();
    close_silently(std::move(client));
    ASSERT_THAT(rows(), SizeIs(1));
    ASSERT_EQ(bind_again(address), EADDRINUSE);
    ScenarioLoop loop;
    const auto task = [&]() -> Task<> {
      co_await clear_time_wait(loop.loop(), table.value(), address.port());
    };
    loop.run(task());
    EXPECT_EQ(bind_again(address), 0);
  });
}

INSTANTIATE_TEST_SUITE_P(Both, TimeWaitTest, ::testing::Values("127.0.0.1", "::1"),
                         [](const auto& each) {
                           return std::string(*each.param == ':' ? "Ipv6" : "Ipv4");
                         });

}  // namespace
}  // namespace dialtone
