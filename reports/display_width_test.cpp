#include "reports/display_width.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(DisplayWidthTest, CountsAsciiAndLatinAsOneColumn) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("é"), 1U);
}

TEST(DisplayWidthTest, CountsChineseKanaHangulAndFullwidthAsTwo) {
  EXPECT_EQ(display_width("你好"), 4U);
  EXPECT_EQ(display_width("かな"), 4U);
  EXPECT_EQ(display_width("한"), 2U);
  EXPECT_EQ(display_width("，"), 2U);
  EXPECT_EQ(display_width("😀"), 2U);
}

TEST(DisplayWidthTest, CombiningMarksTakeNoColumn) { EXPECT_EQ(display_width("e\u0301"), 1U); }

}  // namespace
}  // namespace dialtone
