#include "harness/net/flood_guard.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(FloodGuardTest, TimersGetATurnAfterSoManyReads) {
  FloodGuard guard;
  const TimePoint now{};
  for (int row = 0; row < 2; ++row) {
    for (int read = 1; read < FloodGuard::kReadsInARow; ++read)
      ASSERT_FALSE(guard.must_breathe(now));
    EXPECT_TRUE(guard.must_breathe(now));
  }
}

TEST(FloodGuardTest, TimersGetATurnWhereFewReadsTakeLong) {
  FloodGuard guard;
  TimePoint now{};
  EXPECT_FALSE(guard.must_breathe(now));
  EXPECT_FALSE(guard.must_breathe(now += FloodGuard::kLongestRow / 2));
  EXPECT_TRUE(guard.must_breathe(now += FloodGuard::kLongestRow / 2));
  EXPECT_FALSE(guard.must_breathe(now)) << "the next row begins";
}

TEST(FloodGuardTest, APauseBeginsANewRow) {
  FloodGuard guard;
  TimePoint now{};
  EXPECT_FALSE(guard.must_breathe(now));
  guard.paused();
  EXPECT_FALSE(guard.must_breathe(now += 2 * FloodGuard::kLongestRow));
}

}  // namespace
}  // namespace dialtone
