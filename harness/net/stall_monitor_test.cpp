#include "harness/net/stall_monitor.hpp"

#include <gtest/gtest.h>

#include "harness/net/loop_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;

class StallMonitorTest : public LoopTest {};

TEST_F(StallMonitorTest, CountsAHandlerThatBlocks) {
  run(loop.sleep_until(Clock::now()));
  const auto before = loop.stalls().total();
  stall(milliseconds(300));
  run(loop.sleep_until(Clock::now() + milliseconds(1)));
  EXPECT_GE(loop.stalls().total() - before, milliseconds(250));
}

TEST_F(StallMonitorTest, CountsAStallBeforeItsOwnTickHasSeenIt) {
  const auto before = loop.stalls().total();
  ::usleep(300'000);  // nothing runs the loop: a stall
  EXPECT_GE(loop.stalls().total() - before, milliseconds(250));
}

TEST_F(StallMonitorTest, CountsEveryStallAndEachOnce) {
  const auto before = loop.stalls().total();
  stall(milliseconds(200));
  run(loop.sleep_until(Clock::now() + milliseconds(1)));
  const auto first = loop.stalls().total() - before;
  run(loop.sleep_until(Clock::now() + milliseconds(1)));
  EXPECT_GE(loop.stalls().total() - before, first);
  stall(milliseconds(200));
  run(loop.sleep_until(Clock::now() + milliseconds(1)));
  EXPECT_GE(loop.stalls().total() - before - first, milliseconds(130));
}

TEST(StallMonitor, ThatWasNotStartedCountsNothing) {
  asio::io_context context;
  StallMonitor monitor(context.get_executor());
  ::usleep(100'000);
  EXPECT_EQ(monitor.total(), Duration::zero());
}

}  // namespace
}  // namespace dialtone
