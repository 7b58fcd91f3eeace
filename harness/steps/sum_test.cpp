#include "harness/steps/sum.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(ReadSumTest, NumbersAreAddedUp) {
  EXPECT_EQ(read_sum("0"), 0);
  EXPECT_EQ(read_sum("12"), 12);
  EXPECT_EQ(read_sum("12+2"), 14);
  EXPECT_EQ(read_sum("1+2+3"), 6);
  EXPECT_EQ(read_sum("1000000000"), 1'000'000'000);
}

TEST(ReadSumTest, AnythingElseIsNone) {
  for (const auto* text : {"", "+", "1+", "+1", "1 + 2", "-1", "1-1", "x", "1x", "1.5", "0x10",
                           "1000000001", "999999999+2", "99999999999"}) {
    EXPECT_EQ(read_sum(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dialtone
