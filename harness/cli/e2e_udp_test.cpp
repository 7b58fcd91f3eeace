// `dialtone serve --udp` as a program, and as the target of a profile that waits for its UDP
// socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

TEST(E2eUdpTest, AFaultOfTheUdpServerIsListedAndNamed) {
  const auto list = run_dialtone({"serve", "--list-faults"});
  EXPECT_EQ(list.code, 0);
  EXPECT_THAT(list.out, HasSubstr("of the UDP server"));
  EXPECT_THAT(list.out, HasSubstr("connect-first"));
}

}  // namespace
}  // namespace dialtone
