#include "reports/difference.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

ByteComparison comparison(Bytes expected, Bytes actual, Encoding encoding = Encoding::kUtf8) {
  const auto offset = first_difference(expected, actual).value_or(0);
  return {std::move(expected), std::move(actual), offset, encoding};
}

std::string with_bars(const ByteComparison& compared) {
  return plain_text(render_difference(compared, {.mark = DifferenceStyle::Mark::kBars}));
}

std::string with_carets(const ByteComparison& compared) {
  return plain_text(render_difference(compared, {.mark = DifferenceStyle::Mark::kCarets}));
}

TEST(DifferenceTest, BarsMarkTheFirstOctetThatDiffers) {
  EXPECT_EQ(with_bars(comparison("250 OK", "251 OK")),
            "offset 2: 6 octets expected, 6 actual, text as utf-8\n"
            "expected  32 35 |30| 20 4f 4b\n"
            "actual    32 35 |31| 20 4f 4b\n"
            "expected  25|0| OK\n"
            "actual    25|1| OK\n");
}

TEST(DifferenceTest, CaretsStandBelowTheOctetAndTheCharacter) {
  EXPECT_EQ(with_carets(comparison("250 OK", "251 OK")),
            "offset 2: 6 octets expected, 6 actual, text as utf-8\n"
            "expected  32 35 30 20 4f 4b\n"
            "actual    32 35 31 20 4f 4b\n"
            "                ^^\n"
            "expected  250 OK\n"
            "actual    251 OK\n"
            "            ^^\n");
}

TEST(DifferenceTest, AWideCharacterCountsAsTwoColumns) {
  // GBK: 你好啊 against 你好阿, which differ in the last octet only.
  EXPECT_EQ(with_carets(
                comparison("\xc4\xe3\xba\xc3\xb0\xa1", "\xc4\xe3\xba\xc3\xb0\xa2", Encoding::kGbk)),
            "offset 5: 6 octets expected, 6 actual, text as gbk\n"
            "expected  c4 e3 ba c3 b0 a1\n"
            "actual    c4 e3 ba c3 b0 a2\n"
            "                         ^^\n"
            "expected  你好啊\n"
            "actual    你好阿\n"
            "              ^^\n");
}

TEST(DifferenceTest, AnActualThatEndsEarlyIsMarkedAtItsEnd) {
  EXPECT_EQ(with_bars(comparison("abc", "ab")),
            "offset 2: 3 octets expected, 2 actual, text as utf-8\n"
            "expected  61 62 |63|\n"
            "actual    61 62 |end|\n"
            "expected  ab|c|\n"
            "actual    ab||\n");
}

TEST(DifferenceTest, SurplusOctetsAreMarkedWhereTheExpectedEnds) {
  EXPECT_EQ(with_carets(comparison("", "x")),
            "offset 0: 0 octets expected, 1 actual, text as utf-8\n"
            "expected  end\n"
            "actual    78\n"
            "          ^^^\n"
            "expected  \n"
            "actual    x\n"
            "          ^^\n");
}

TEST(DifferenceTest, ACharacterCutInTheMiddleIsMarkedFromItsFirstOctet) {
  EXPECT_EQ(with_bars(comparison("a\xc4\xe3", "a\xc4", Encoding::kGbk)),
            "offset 2: 3 octets expected, 2 actual, text as gbk\n"
            "expected  61 c4 |e3|\n"
            "actual    61 c4 |end|\n"
            "expected  a|你|\n"
            "actual    a|\\xc4|\n");
}

TEST(DifferenceTest, ALongPayloadIsAWindowAroundTheDifference) {
  auto actual = Bytes(2000, 'a');
  actual[1000] = 'b';
  const auto lines =
      render_difference(comparison(Bytes(2000, 'a'), actual),
                        {.mark = DifferenceStyle::Mark::kCarets, .before = 2, .after = 3});
  EXPECT_EQ(plain_text(lines),
            "offset 1000: 2000 octets expected, 2000 actual, text as utf-8\n"
            "expected  (998 before) 61 61 61 61 61 (997 more)\n"
            "actual    (998 before) 61 61 62 61 61 (997 more)\n"
            "                             ^^\n"
            "expected  ...aaaaa...\n"
            "actual    ...aabaa...\n"
            "               ^^\n");
}

TEST(DifferenceTest, HostileOctetsAreEscaped) {
  const auto text = with_bars(comparison("\x1b[2J", "\x07\n"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("|\\x1b|[2J"), std::string::npos);
  EXPECT_NE(text.find("|\\x07|\\n"), std::string::npos);
}

}  // namespace
}  // namespace dialtone
