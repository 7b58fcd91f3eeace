#include "harness/net/socket_row.hpp"

#include <gtest/gtest.h>
#include <netinet/tcp.h>

namespace dialtone {
namespace {

TEST(TcpStateTest, NumbersAreTheKernels) {
  EXPECT_EQ(static_cast<int>(TcpState::kEstablished), TCP_ESTABLISHED);
  EXPECT_EQ(static_cast<int>(TcpState::kTimeWait), TCP_TIME_WAIT);
  EXPECT_EQ(static_cast<int>(TcpState::kCloseWait), TCP_CLOSE_WAIT);
  EXPECT_EQ(static_cast<int>(TcpState::kListen), TCP_LISTEN);
  EXPECT_EQ(static_cast<int>(TcpState::kClosing), TCP_CLOSING);
}

TEST(TcpStateTest, EveryNameLeadsBackToItsState) {
  for (int number = 1; number <= 12; ++number) {
    const auto state = static_cast<TcpState>(number);
    EXPECT_EQ(find_tcp_state(name_of(state)), state) << name_of(state);
  }
  EXPECT_EQ(name_of(TcpState::kSynRecv), "SYN_RECV");
  EXPECT_EQ(name_of(TcpState::kClosing), "CLOSING");
}

TEST(TcpStateTest, UnknownNameIsNotFound) {
  EXPECT_EQ(find_tcp_state("established"), std::nullopt);
  EXPECT_EQ(find_tcp_state(""), std::nullopt);
}

TEST(TcpStateTest, MaskHasOneBitForEachState) {
  EXPECT_EQ(states_of({}), 0U);
  EXPECT_EQ(states_of({TcpState::kEstablished, TcpState::kListen}), 0x402U);
  EXPECT_EQ(kConnectionStates & states_of({TcpState::kListen, TcpState::kClose}), 0U);
}

struct Taking {
  const char* listener;
  bool only_ipv6;
  const char* address;
  bool takes;
};

class ListenerTakes : public ::testing::TestWithParam<Taking> {};

TEST_P(ListenerTakes, WhoCallsItsAddress) {
  SocketRow row;
  row.local = *SocketAddress::parse(GetParam().listener);
  row.only_ipv6 = GetParam().only_ipv6;
  EXPECT_EQ(takes(row, *SocketAddress::parse(GetParam().address)), GetParam().takes)
      << GetParam().listener << " " << GetParam().address;
}

INSTANTIATE_TEST_SUITE_P(Each, ListenerTakes,
                         ::testing::Values(Taking{"127.0.0.1:1", false, "127.0.0.1:1", true},
                                           Taking{"127.0.0.1:1", false, "127.0.0.1:2", false},
                                           Taking{"127.0.0.2:1", false, "127.0.0.1:1", false},
                                           Taking{"0.0.0.0:1", false, "127.0.0.1:1", true},
                                           Taking{"0.0.0.0:1", false, "[::1]:1", false},
                                           Taking{"[::1]:1", false, "[::1]:1", true},
                                           Taking{"[::1]:1", false, "127.0.0.1:1", false},
                                           Taking{"[::]:1", false, "[::1]:1", true},
                                           Taking{"[::]:1", false, "127.0.0.1:1", true},
                                           Taking{"[::]:1", true, "[::1]:1", true},
                                           Taking{"[::]:1", true, "127.0.0.1:1", false}));

}  // namespace
}  // namespace dialtone
