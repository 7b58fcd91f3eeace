#include "harness/runner/port_blocks.hpp"

#include <gtest/gtest.h>

#include <set>

namespace dialtone {
namespace {

std::set<int> drawn_from(PortBlocks& blocks, int count) {
  std::set<int> ports;
  for (int i = 0; i < count; ++i) ports.insert(blocks.next());
  return ports;
}

TEST(PortBlocksTest, EachDrawGivesAnotherPort) {
  PortBlocks blocks;
  const auto ports = drawn_from(blocks, 3 * PortBlocks::kPerBlock);
  EXPECT_EQ(ports.size(), 3U * PortBlocks::kPerBlock);
  EXPECT_GE(*ports.begin(), PortBlocks::kFirstPort);
  EXPECT_LT(*ports.rbegin(), PortBlocks::kFirstPort + PortBlocks::kPorts);
}

// Two runs that were begun one after the other took the same port: their process ids were
// neighbours, and the first one's ports ran into the second's.
TEST(PortBlocksTest, TwoAtOnceDrawFromDifferentBlocks) {
  PortBlocks one;
  PortBlocks other;
  std::set<int> all;
  for (int i = 0; i < 3 * PortBlocks::kPerBlock; ++i) {
    EXPECT_TRUE(all.insert(one.next()).second);
    EXPECT_TRUE(all.insert(other.next()).second);
  }
}

TEST(PortBlocksTest, ClaimsEndWithTheirOwner) {
  for (int i = 0; i < 2 * PortBlocks::kBlocks; ++i) {
    PortBlocks blocks;
    blocks.next();
    EXPECT_TRUE(blocks.is_claimed());
  }
}

}  // namespace
}  // namespace dialtone
