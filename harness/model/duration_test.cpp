#include "harness/model/duration.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dialtone {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(ParseDurationTest, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("50us"), microseconds(50));
  EXPECT_EQ(parse_duration("200ms"), milliseconds(200));
  EXPECT_EQ(parse_duration("2s"), seconds(2));
  EXPECT_EQ(parse_duration("2m"), minutes(2));
  EXPECT_EQ(parse_duration("24h"), hours(24));
  EXPECT_EQ(parse_duration("7ns"), nanoseconds(7));
}

TEST(ParseDurationTest, ReadsAFractionExactly) {
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("0.1ms"), microseconds(100));
  EXPECT_EQ(parse_duration("0.5m"), seconds(30));
  EXPECT_EQ(parse_duration("1.000000000000s"), seconds(1));
}

TEST(ParseDurationTest, ZeroIsADuration) { EXPECT_EQ(parse_duration("0ms"), Duration::zero()); }

class RefusedDuration : public testing::TestWithParam<const char*> {};

TEST_P(RefusedDuration, IsNotRead) { EXPECT_EQ(parse_duration(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(ParseDurationTest, RefusedDuration,
                         testing::Values("", "5", "s", "ms", ".5s", "1.s", "1.5", "-1s", "+1s",
                                         "1e3s", "1 s", " 1s", "1s ", "1S", "1d", "1,5s",
                                         "0.0000000001s", "0.00000000001s", "1.05ns", "1.5ns",
                                         "25h", "86401s", "24.0001h", "99999999999999999999h",
                                         "0x1s", "1s\n"));

TEST(FormatDurationTest, UsesTheLongestUnitThatDivides) {
  EXPECT_EQ(format_duration(milliseconds(200)), "200ms");
  EXPECT_EQ(format_duration(seconds(2)), "2s");
  EXPECT_EQ(format_duration(microseconds(1500)), "1500us");
  EXPECT_EQ(format_duration(minutes(2)), "2m");
  EXPECT_EQ(format_duration(Duration::zero()), "0s");
  EXPECT_EQ(format_duration(nanoseconds(1)), "1ns");
}

TEST(FormatDurationTest, ParsesBackToTheSameDuration) {
  for (const auto duration : {Duration(nanoseconds(1234567)), Duration(milliseconds(90'500)),
                              Duration(hours(24)), Duration(seconds(61))}) {
    EXPECT_EQ(parse_duration(format_duration(duration)), duration) << format_duration(duration);
  }
}

TEST(HumanizeTest, GivesThreeDigitsAndAUnit) {
  EXPECT_EQ(humanize(microseconds(310)), "0.31 ms");
  EXPECT_EQ(humanize(microseconds(12'340)), "12.3 ms");
  EXPECT_EQ(humanize(milliseconds(123)), "123 ms");
  EXPECT_EQ(humanize(milliseconds(1240)), "1.24 s");
  EXPECT_EQ(humanize(Duration::zero()), "0.00 ms");
}

TEST(HumanizeTest, RoundingNeverShowsAFourthDigit) {
  EXPECT_EQ(humanize(microseconds(9'996)), "10.0 ms");
  EXPECT_EQ(humanize(microseconds(99'960)), "100 ms");
  EXPECT_EQ(humanize(microseconds(999'600)), "1.00 s");
}

}  // namespace
}  // namespace dialtone
