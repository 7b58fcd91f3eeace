#include "reports/octet_text.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

// GBK: 你好啊
const Bytes kHello = "\xc4\xe3\xba\xc3\xb0\xa1";

std::string window(Encoding encoding, ByteView bytes, std::size_t from, std::size_t to) {
  return shown_text(glyphs(encoding, bytes, from, to));
}

TEST(GlyphsTest, KnowWhereEachCharacterStands) {
  const auto found = glyphs(Encoding::kGbk, "a" + kHello, 0, 7);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[1].offset, 1U);
  EXPECT_EQ(found[1].length, 2U);
  EXPECT_EQ(found[1].shown, "你");
  EXPECT_EQ(found[3].offset, 5U);
}

TEST(GlyphsTest, AWindowTakesWholeCharactersThatItTouches) {
  EXPECT_EQ(window(Encoding::kGbk, kHello, 2, 4), "好");
  EXPECT_EQ(window(Encoding::kGbk, kHello, 1, 3), "你好");
  EXPECT_EQ(window(Encoding::kGbk, kHello, 3, 99), "好啊");
}

TEST(GlyphsTest, AWindowBeyondTheEndIsEmpty) {
  EXPECT_EQ(window(Encoding::kGbk, kHello, 6, 9), "");
  EXPECT_EQ(window(Encoding::kGbk, "", 0, 9), "");
}

TEST(GlyphsTest, AnOctetThatBeginsNoCharacterStandsAlone) {
  EXPECT_EQ(window(Encoding::kGbk, "\xff" + kHello, 0, 9), "\\xff你好啊");
  EXPECT_EQ(window(Encoding::kGbk, "\xff" + kHello, 3, 9), "好啊");
  EXPECT_EQ(window(Encoding::kGbk, "\xff" + kHello, 2, 9), "你好啊");
  EXPECT_EQ(window(Encoding::kGbk, kHello.substr(0, 3), 0, 9), "你\\xba");
  EXPECT_EQ(window(Encoding::kUtf8, "a\xe4\xbd", 0, 9), "a\\xe4\\xbd");
}

TEST(GlyphsTest, ControlsAreEscaped) {
  EXPECT_EQ(window(Encoding::kUtf8, "a\x1b\n\t", 0, 9), "a\\x1b\\n\\t");
}

}  // namespace
}  // namespace dialtone
