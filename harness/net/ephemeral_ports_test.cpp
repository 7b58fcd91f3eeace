#include "harness/net/ephemeral_ports.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace dialtone {
namespace {

TEST(EphemeralPortsTest, TheRangeIsTheKernels) {
  int first = 0;
  int last = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first >> last;
  ASSERT_LT(first, last);
  const auto port = [](int number) { return static_cast<std::uint16_t>(number); };
  EXPECT_FALSE(is_ephemeral(port(first - 1)));
  EXPECT_TRUE(is_ephemeral(port(first)));
  EXPECT_TRUE(is_ephemeral(port(last)));
  EXPECT_EQ(is_ephemeral(port(last + 1)), false);  // port 0 where the range reaches to the end
}

}  // namespace
}  // namespace dialtone
