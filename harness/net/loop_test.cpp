#include "harness/net/loop.hpp"

#include <gtest/gtest.h>

#include "harness/net/loop_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class DeadlineTest : public LoopTest {};

TEST_F(DeadlineTest, IsAbsolute) {
  const auto before = Clock::now();
  const auto deadline = in(seconds(5));
  EXPECT_GE(deadline.at(), before + seconds(5));
  EXPECT_EQ(deadline.budget(), seconds(5));
  EXPECT_FALSE(deadline.has_passed());
  EXPECT_TRUE(in(Duration::zero()).has_passed());
}

TEST_F(DeadlineTest, AFifthOfTheBudgetStalledSpoilsIt) {
  const auto tight = in(milliseconds(500));
  const auto wide = in(hours(1));
  stall(milliseconds(300));
  run(loop.sleep_until(Clock::now() + milliseconds(1)));
  EXPECT_TRUE(tight.spoilt(loop));
  EXPECT_FALSE(wide.spoilt(loop));
  EXPECT_GT(wide.stalled(loop), milliseconds(100));
}

TEST_F(DeadlineTest, AStallBeforeItWasSetDoesNotConcernIt) {
  stall(milliseconds(300));
  run(loop.sleep_until(Clock::now() + milliseconds(1)));
  EXPECT_FALSE(in(milliseconds(1)).spoilt(loop));
}

// A stall reaches beyond the window's end: without the limit each window would be longer than the
// one before, for ever.
TEST_F(DeadlineTest, AWindowThatAStallCoversWasNotWatched) {
  const auto window = in(milliseconds(100));
  stall(milliseconds(400));
  run(loop.sleep_until(Clock::now() + milliseconds(1)));
  EXPECT_FALSE(window.was_watched(loop));
  EXPECT_GT(window.sat_out(loop).at(), Clock::now());
  EXPECT_EQ(window.sat_out(loop).budget(), milliseconds(100));
}

TEST_F(DeadlineTest, StallsOfAllWindowsAreAddedUpAndWhatWasWatchedCounts) {
  auto window = in(milliseconds(300));
  stall(milliseconds(400));
  for (int windows = 0; windows < 100 && !window.was_watched(loop); ++windows) {
    window = window.sat_out(loop);
    stall(milliseconds(100));  // each of them is spoilt, and still the watched parts add up
    run(loop.sleep_until(window.at()));
  }
  EXPECT_TRUE(window.was_watched(loop));
  EXPECT_GT(window.stalled(loop), milliseconds(400));
}

TEST_F(DeadlineTest, SleepingLastsUntilThen) {
  const auto until = Clock::now() + milliseconds(20);
  run(loop.sleep_until(until));
  EXPECT_GE(Clock::now(), until);
}

}  // namespace
}  // namespace dialtone
