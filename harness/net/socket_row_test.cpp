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

}  // namespace
}  // namespace dialtone
