#include "harness/runner/claimed_blocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "harness/runner/loopback_addresses.hpp"
#include "harness/runner/port_blocks.hpp"

namespace dialtone {
namespace {

using ::testing::MatchesRegex;

constexpr int kPerBlock = 64;
constexpr int kBlocks = 167;

ClaimedBlocks blocks_of_test() { return {"test", kBlocks, kPerBlock}; }

TEST(ClaimedBlocksTest, EachDrawGivesAnotherNumber) {
  auto blocks = blocks_of_test();
  std::set<int> drawn;
  for (int i = 0; i < 3 * kPerBlock; ++i) drawn.insert(blocks.next());
  EXPECT_EQ(drawn.size(), 3U * kPerBlock);
  EXPECT_GE(*drawn.begin(), 0);
  EXPECT_LT(*drawn.rbegin(), kBlocks * kPerBlock);
}

// Two runs that were begun one after the other took the same port: their process ids were
// neighbours, and the first one's ports ran into the second's.
TEST(ClaimedBlocksTest, TwoAtOnceDrawFromDifferentBlocks) {
  auto one = blocks_of_test();
  auto other = blocks_of_test();
  std::set<int> all;
  for (int i = 0; i < 3 * kPerBlock; ++i) {
    EXPECT_TRUE(all.insert(one.next()).second);
    EXPECT_TRUE(all.insert(other.next()).second);
  }
}

TEST(ClaimedBlocksTest, ClaimsEndWithTheirOwner) {
  for (int i = 0; i < 2 * kBlocks; ++i) {
    auto blocks = blocks_of_test();
    blocks.next();
    EXPECT_TRUE(blocks.is_claimed());
  }
}

TEST(PortBlocksTest, PortsAreBelowThoseThatScenariosName) {
  PortBlocks blocks;
  for (int i = 0; i < 3 * PortBlocks::kPerBlock; ++i) {
    const auto port = blocks.next();
    EXPECT_GE(port, PortBlocks::kFirstPort);
    EXPECT_LT(port, PortBlocks::kFirstPort + PortBlocks::kPorts);
  }
}

// Two runs whose process ids were 1024 apart gave their servers the same addresses, and the port
// that a scenario names was taken.
TEST(LoopbackAddressesTest, TwoRunsAtOnceTakeDifferentOnes) {
  LoopbackAddresses one;
  LoopbackAddresses other;
  std::set<std::string> all;
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(all.insert(one.take()).second);
    ASSERT_TRUE(all.insert(other.take()).second);
  }
  for (const auto& address : all)
    ASSERT_THAT(address, MatchesRegex("127\\.(6[4-9]|[7-9].|1[01].|12[0-7])\\..*"));
}

}  // namespace
}  // namespace dialtone
