#include "reports/cap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

TEST(CapMiddleTest, LeavesAloneWhatFits) {
  EXPECT_EQ(cap_middle("", 100), "");
  EXPECT_EQ(cap_middle(std::string(100, 'a'), 100), std::string(100, 'a'));
}

TEST(CapMiddleTest, KeepsHeadAndTailAndCountsTheRest) {
  const auto capped = cap_middle("head" + std::string(1000, 'x') + "tail", 164);
  EXPECT_EQ(capped, "head" + std::string(46, 'x') + "\n[... 908 octets left out ...]\n" +
                        std::string(46, 'x') + "tail");
}

TEST(CapMiddleTest, NeverCutsACharacterNorExceedsTheLimit) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "你";
  for (std::size_t limit = 100; limit < 400; ++limit) {
    const auto capped = cap_middle(text, limit);
    EXPECT_LE(capped.size(), limit);
    EXPECT_EQ(printable(capped, {.keep_lines = true, .escape_backslash = false}), capped);
  }
}

TEST(CapEndTest, MarksWhatItCut) {
  EXPECT_EQ(cap_end("abcdef", 6), "abcdef");
  EXPECT_EQ(cap_end("abcdefg", 6), "abc...");
  EXPECT_EQ(cap_end("你你你", 8), "你...");
}

TEST(PrintableLinesTest, KeepsLinesAndEscapesTheRest) {
  EXPECT_EQ(printable_lines("a\n\tb\x1b", 100), "a\n\tb\\x1b");
}

TEST(PrintableLinesTest, TheLimitHoldsAfterEscaping) {
  EXPECT_LE(printable_lines(std::string(5000, '\0'), 1000).size(), 1000U);
  EXPECT_THAT(printable_lines(std::string(5000, '\0'), 1000), testing::HasSubstr("left out"));
}

}  // namespace
}  // namespace dialtone
