#include "harness/model/printable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

using ::testing::StartsWith;

constexpr PrintableOptions kKeepLines{.keep_lines = true};
constexpr PrintableOptions kEscapeBackslash{.escape_backslash = true};

/// UTF-8 as the bit pattern has it, also for surrogates, which no encoder may write.
std::string utf8(char32_t code_point) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80U | ((code_point >> shift) & 0x3fU));
  };
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  if (code_point < 0x800) return {static_cast<char>(0xc0U | (code_point >> 6U)), tail(0)};
  if (code_point < 0x10000) {
    return {static_cast<char>(0xe0U | (code_point >> 12U)), tail(6), tail(0)};
  }
  return {static_cast<char>(0xf0U | (code_point >> 18U)), tail(12), tail(6), tail(0)};
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = decode_utf8(text, at);
    if (!character) return false;
    at += character->length;
  }
  return true;
}

bool is_shown(char32_t code_point) { return printable(utf8(code_point)) == utf8(code_point); }

TEST(PrintableTest, LeavesTextAsItIs) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable("thank you !"), "thank you !");
  EXPECT_EQ(printable("我很好,你呢 é Ω 😀"), "我很好,你呢 é Ω 😀");
}

TEST(PrintableTest, EscapesEveryOctetThatIsNoVisibleAscii) {
  for (int octet = 0; octet < 256; ++octet) {
    const std::string input(1, static_cast<char>(octet));
    const std::string output = printable(input);
    if (octet >= ' ' && octet <= '~') {
      EXPECT_EQ(output, input);
    } else {
      EXPECT_THAT(output, StartsWith("\\")) << octet;
      EXPECT_GE(output.size(), 2U) << octet;
    }
  }
  EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xff"), "\\xff");
}

TEST(PrintableTest, WritesLineEndsAndTabsAsLettersUnlessLinesAreKept) {
  EXPECT_EQ(printable("a\r\n\tb"), "a\\r\\n\\tb");
  EXPECT_EQ(printable("a\r\n\tb", kKeepLines), "a\\r\n\tb");
  EXPECT_EQ(printable("\x1b\n", kKeepLines), "\\x1b\n");
}

TEST(PrintableTest, DoublesABackslashOnlyOnRequest) {
  EXPECT_EQ(printable("a\\nb"), "a\\nb");
  EXPECT_EQ(printable("a\\nb", kEscapeBackslash), "a\\\\nb");
  EXPECT_NE(printable("\\x41\x01", kEscapeBackslash), printable("\\x41\\x01", kEscapeBackslash));
}

TEST(PrintableTest, EscapesWhatHidesOrReordersText) {
  EXPECT_EQ(printable("abc\u202etxt.exe"), "abc\\u{202e}txt.exe");
  EXPECT_EQ(printable("\u2066\u2069"), "\\u{2066}\\u{2069}");
  EXPECT_EQ(printable("\ufeff"), "\\u{feff}");
  EXPECT_EQ(printable("\u2028\u2029"), "\\u{2028}\\u{2029}");
  EXPECT_EQ(printable("\u0085"), "\\u{0085}");
  EXPECT_EQ(printable("a\u00adb"), "a\\u{00ad}b");
  EXPECT_EQ(printable("\U000e0041"), "\\u{e0041}");
}

// The general category Cf of Unicode 15 (DerivedGeneralCategory.txt), bounds of each range.
TEST(PrintableTest, EscapesAllFormatControls) {
  constexpr char32_t kFormat[] = {0xad,    0x600,   0x605,   0x61c,   0x6dd,   0x70f,   0x890,
                                  0x891,   0x8e2,   0x180e,  0x200b,  0x200f,  0x202a,  0x202e,
                                  0x2060,  0x2064,  0x2066,  0x206f,  0xfeff,  0xfff9,  0xfffb,
                                  0x110bd, 0x110cd, 0x13430, 0x1343f, 0x1bca0, 0x1bca3, 0x1d173,
                                  0x1d17a, 0xe0001, 0xe0020, 0xe007f};
  for (const char32_t code_point : kFormat) {
    EXPECT_FALSE(is_shown(code_point)) << static_cast<unsigned>(code_point);
  }
}

TEST(PrintableTest, ShowsTheNeighboursOfWhatItEscapes) {
  constexpr char32_t kShown[] = {
      0xa0,    0xac,    0xae,    0x606,   0x61b,   0x61d,   0x6dc,   0x6de,  0x70e,   0x710,
      0x8e1,   0x8e3,   0x180d,  0x180f,  0x200a,  0x2010,  0x2027,  0x202f, 0x205f,  0x2070,
      0xd7ff,  0xf900,  0xfdcf,  0xfdf0,  0xfefe,  0xff01,  0xfffc,  0xfffd, 0x10000, 0x110bc,
      0x110be, 0x1bc9f, 0x1bca4, 0x1d172, 0x1d17b, 0x1fffd, 0xe0100, 0xe01ef};
  for (const char32_t code_point : kShown) {
    EXPECT_TRUE(is_shown(code_point)) << static_cast<unsigned>(code_point);
  }
}

TEST(PrintableTest, EscapesNoncharactersOfEveryPlane) {
  for (char32_t plane = 0; plane <= 0x10; ++plane) {
    EXPECT_FALSE(is_shown(plane * 0x10000 + 0xfffe));
    EXPECT_FALSE(is_shown(plane * 0x10000 + 0xffff));
  }
  EXPECT_FALSE(is_shown(0xfdd0));
  EXPECT_FALSE(is_shown(0xfdef));
  EXPECT_EQ(printable("\uffff"), "\\u{ffff}");
}

TEST(PrintableTest, EscapesPrivateUse) {
  EXPECT_EQ(printable("\ue000\uf8ff"), "\\u{e000}\\u{f8ff}");
  EXPECT_EQ(printable("\U000f0000\U0010fffd"), "\\u{f0000}\\u{10fffd}");
}

TEST(PrintableTest, EscapesIllFormedSequencesOctetByOctet) {
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(printable("\xed\xbf\xbf"), "\\xed\\xbf\\xbf");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");  // overlong '/'
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(printable("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  EXPECT_EQ(printable("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");
  EXPECT_EQ(printable("a\x80z"), "a\\x80z");
}

TEST(PrintableTest, EscapesSequencesThatAreCutShort) {
  EXPECT_EQ(printable("\xe4\xbd"), "\\xe4\\xbd");
  EXPECT_EQ(printable("\xe4\xbdz"), "\\xe4\\xbdz");
  EXPECT_EQ(printable("\xf0\x9f\x98"), "\\xf0\\x9f\\x98");
  EXPECT_EQ(printable("\xc3\xe4\xbd\xa0"), "\\xc3你");
}

TEST(PrintableTest, ShowsForeignTextInAnotherEncodingAsOctets) {
  EXPECT_EQ(printable("\xc4\xe3\xba\xc3"), "\\xc4\\xe3\\xba\\xc3");  // GBK
}

TEST(PrintableTest, WritesValidUtf8AndOnlyAsciiEscapesForEveryCodePoint) {
  int escaped = 0;
  for (char32_t code_point = 0x80; code_point <= 0x10ffff; ++code_point) {
    const std::string input = utf8(code_point);
    const std::string output = printable(input);
    if (output == input) {
      ASSERT_TRUE(is_valid_utf8(output)) << static_cast<unsigned>(code_point);
      continue;
    }
    ++escaped;
    for (const char letter : output) ASSERT_TRUE(letter >= ' ' && letter <= '~');
  }
  // C1 32, format and separators 213, surrogates 2,048, private use 6,400, U+FDD0..FDEF 32, the
  // last two of planes 0 to 14, and all of planes 15 and 16.
  EXPECT_EQ(escaped, 32 + 213 + 2048 + 6400 + 32 + 30 + 2 * 65536);
}

TEST(PrintableTest, WritesValidUtf8ForEveryPairOfOctets) {
  for (int pair = 0; pair < 65536; ++pair) {
    const std::string input = {static_cast<char>(pair >> 8), static_cast<char>(pair & 0xff)};
    ASSERT_TRUE(is_valid_utf8(printable(input))) << pair;
  }
}

TEST(PrintableTest, ChangesNothingTheSecondTime) {
  const std::string once = printable("\x01\u202e\xff\r\n\\ 你");
  EXPECT_EQ(printable(once), once);
}

TEST(Utf8Test, DecodesTheBoundsOfEachLength) {
  for (const char32_t code_point :
       {0x0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff}) {
    const std::string text = "x" + utf8(code_point);
    const auto character = decode_utf8(text, 1);
    ASSERT_TRUE(character.has_value()) << static_cast<unsigned>(code_point);
    EXPECT_EQ(character->code_point, code_point);
    EXPECT_EQ(character->length, text.size() - 1);
  }
}

TEST(Utf8Test, RefusesSurrogates) {
  for (char32_t code_point = 0xd800; code_point <= 0xdfff; ++code_point) {
    ASSERT_FALSE(decode_utf8(utf8(code_point), 0).has_value());
  }
}

}  // namespace
}  // namespace dialtone
