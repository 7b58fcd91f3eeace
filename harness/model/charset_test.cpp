#include "harness/model/charset.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <thread>

namespace dialtone {
namespace {

using ::testing::Eq;
using ::testing::Optional;
using ::testing::VariantWith;

using End = Decoded::End;

constexpr std::array kAll{Encoding::kGbk, Encoding::kUtf8, Encoding::kGb18030, Encoding::kLatin1,
                          Encoding::kAscii};
constexpr char32_t kEndOfUnicode = 0x110000;

/// The plain rule, also for surrogates, which are then no UTF-8.
std::string utf8(char32_t code) {
  std::string text;
  const auto push = [&text](char32_t octet) { text.push_back(static_cast<char>(octet)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xc0 + code / 0x40);
  } else if (code < 0x10000) {
    push(0xe0 + code / 0x1000);
    push(0x80 + code / 0x40 % 0x40);
  } else {
    push(0xf0 + code / 0x40000);
    push(0x80 + code / 0x1000 % 0x40);
    push(0x80 + code / 0x40 % 0x40);
  }
  if (code >= 0x80) push(0x80 + code % 0x40);
  return text;
}

Bytes octets(std::initializer_list<unsigned> values) {
  Bytes bytes;
  for (const auto value : values) bytes.push_back(static_cast<char>(value));
  return bytes;
}

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Bytes encoded(Encoding encoding, std::string_view text) {
  return std::get<Bytes>(encode(encoding, text));
}

/// What an oracle prints for one conversion: hex, or "!" where it is an error.
std::string outcome_of_decode(Encoding encoding, ByteView code) {
  const auto decoded = decode(encoding, code);
  return decoded.end == End::kComplete ? to_hex(decoded.text) : "!";
}
std::string outcome_of_encode(Encoding encoding, char32_t code) {
  const auto result = encode(encoding, utf8(code));
  const auto* bytes = std::get_if<Bytes>(&result);
  return bytes != nullptr ? to_hex(*bytes) : "!";
}

// --- names ---

TEST(EncodingNameTest, EveryCanonicalNameIsFound) {
  EXPECT_THAT(encoding_names(),
              testing::ElementsAre("gbk", "utf-8", "gb18030", "latin-1", "ascii"));
  for (const auto encoding : kAll)
    EXPECT_THAT(find_encoding(name_of(encoding)), Optional(encoding));
}

TEST(EncodingNameTest, CommonAliasesAreFoundInAnyCase) {
  const std::map<std::string, Encoding> aliases{
      {"GBK", Encoding::kGbk},           {"cp936", Encoding::kGbk},
      {"CP936", Encoding::kGbk},         {"UTF8", Encoding::kUtf8},
      {"utf_8", Encoding::kUtf8},        {"Utf-8", Encoding::kUtf8},
      {"GB18030", Encoding::kGb18030},   {"latin1", Encoding::kLatin1},
      {"ISO-8859-1", Encoding::kLatin1}, {"iso_8859_1", Encoding::kLatin1},
      {"US-ASCII", Encoding::kAscii},    {"ASCII", Encoding::kAscii}};
  for (const auto& [name, encoding] : aliases)
    EXPECT_THAT(find_encoding(name), Optional(encoding)) << name;
}

TEST(EncodingNameTest, OtherNamesAreNot) {
  for (const auto* name :
       {"", "gb2312", "utf-16", "big5", "gbk ", " gbk", "gb", "utf-8-sig", "iso-8859-15"})
    EXPECT_THAT(find_encoding(name), Eq(std::nullopt)) << name;
}

// --- GBK by itself ---

TEST(GbkTest, EncodesTheSamplesOfTheArticle) {
  EXPECT_EQ(encoded(Encoding::kGbk, "你好啊"), hex("c4 e3 ba c3 b0 a1"));
  EXPECT_EQ(encoded(Encoding::kGbk, "我很好,你呢"), hex("ce d2 ba dc ba c3 2c c4 e3 c4 d8"));
  EXPECT_EQ(encoded(Encoding::kGbk, "你在么?"), hex("c4 e3 d4 da c3 b4 3f"));
  EXPECT_EQ(encoded(Encoding::kGbk, "thank you !"), "thank you !");
}

TEST(GbkTest, DecodesTheSamplesOfTheArticle) {
  EXPECT_EQ(decode(Encoding::kGbk, hex("c4 e3 ba c3 b0 a1")),
            (Decoded{"你好啊", End::kComplete, 6}));
  EXPECT_EQ(decode(Encoding::kGbk, hex("ce d2 ba dc ba c3 2c c4 e3 c4 d8")),
            (Decoded{"我很好,你呢", End::kComplete, 11}));
}

TEST(GbkTest, Has21919CharactersAndEachComesBackAsItWas) {
  int characters = 0;
  for (char32_t code = 0; code < kEndOfUnicode; ++code) {
    const auto text = utf8(code);
    const auto result = encode(Encoding::kGbk, text);
    if (std::holds_alternative<EncodeError>(result)) continue;
    ++characters;
    const auto& bytes = std::get<Bytes>(result);
    ASSERT_EQ(bytes.size(), code < 0x80 ? 1U : 2U) << std::hex << static_cast<unsigned>(code);
    ASSERT_EQ(decode(Encoding::kGbk, bytes), (Decoded{text, End::kComplete, bytes.size()}));
  }
  EXPECT_EQ(characters, 21'919);
}

TEST(GbkTest, Has21791TwoOctetCodesAndEachComesBackAsItWas) {
  int codes = 0;
  for (unsigned lead = 0x80; lead < 0x100; ++lead)
    for (unsigned trail = 0; trail < 0x100; ++trail) {
      const auto code = octets({lead, trail});
      const auto decoded = decode(Encoding::kGbk, code);
      if (decoded.end != End::kComplete) continue;
      ++codes;
      ASSERT_EQ(encoded(Encoding::kGbk, decoded.text), code);
    }
  EXPECT_EQ(codes, 21'791);
}

TEST(GbkTest, HasNoEuroSignInEitherDirection) {
  EXPECT_THAT(encode(Encoding::kGbk, "你€"), VariantWith<EncodeError>(EncodeError{1, 3, U'€'}));
  EXPECT_EQ(decode(Encoding::kGbk, "a\x80"), (Decoded{"a", End::kIllegal, 1}));
  EXPECT_EQ(decode(Encoding::kGbk,
                   "\x80"
                   "a"),
            (Decoded{"", End::kIllegal, 0}));
}

TEST(GbkTest, TagCharactersAreErrorsNotDropped) {
  for (char32_t code = 0xe0000; code < 0xe0080; ++code)
    EXPECT_THAT(encode(Encoding::kGbk, "a" + utf8(code) + "b"),
                VariantWith<EncodeError>(EncodeError{1, 1, code}));
}

TEST(GbkTest, NothingIsTransliterated) {
  for (const auto* text : {"é̈", "ø", "ﬁ", "‚", "😀", "\u00a0", "\u200b", "\ufeff", "\ufffd"})
    EXPECT_TRUE(std::holds_alternative<EncodeError>(encode(Encoding::kGbk, text))) << text;
}

TEST(GbkTest, NamesWhatIsIllegalAndWhatIsIncomplete) {
  EXPECT_EQ(decode(Encoding::kGbk, hex("ff ff")), (Decoded{"", End::kIllegal, 0}));
  EXPECT_EQ(decode(Encoding::kGbk, hex("ff")), (Decoded{"", End::kIllegal, 0}));
  EXPECT_EQ(decode(Encoding::kGbk, hex("c4")), (Decoded{"", End::kIncomplete, 0}));
  EXPECT_EQ(decode(Encoding::kGbk, hex("c4 e3 c4")), (Decoded{"你", End::kIncomplete, 2}));
  EXPECT_EQ(decode(Encoding::kGbk, hex("61 c4 20 62")), (Decoded{"a", End::kIllegal, 1}));
  EXPECT_EQ(decode(Encoding::kGbk, hex("c4 7f")), (Decoded{"", End::kIllegal, 0}));
  EXPECT_EQ(decode(Encoding::kGbk, hex("a2 ab")), (Decoded{"", End::kIllegal, 0}));  // unassigned
  EXPECT_EQ(decode(Encoding::kGbk, ""), (Decoded{"", End::kComplete, 0}));
}

TEST(GbkTest, ATrailOctetThatLooksLikeAsciiBelongsToItsCharacter) {
  EXPECT_EQ(decode(Encoding::kGbk, hex("c4 7c")), (Decoded{"膢", End::kComplete, 2}));
  EXPECT_EQ(encoded(Encoding::kGbk, decode(Encoding::kGbk, hex("81 5c 7c")).text), hex("81 5c 7c"));
}

// --- errors of encoding ---

TEST(EncodeTest, CountsCharactersAndOctetsUpToTheFirstFault) {
  EXPECT_THAT(encode(Encoding::kAscii, "abc é"), VariantWith<EncodeError>(EncodeError{4, 4, U'é'}));
  EXPECT_THAT(encode(Encoding::kLatin1, "éé你你"),
              VariantWith<EncodeError>(EncodeError{2, 4, U'你'}));
  EXPECT_THAT(encode(Encoding::kGbk, "一二三😀"), VariantWith<EncodeError>(EncodeError{3, 9, U'😀'}));
}

TEST(EncodeTest, TextThatIsNotUtf8IsAnErrorInEveryEncoding) {
  for (const auto encoding : kAll)
    for (const auto* text : {"ab\xff", "ab\xe4\xbd", "ab\xed\xa0\x80", "ab\xc0\x80", "ab\x80"})
      EXPECT_THAT(encode(encoding, text), VariantWith<EncodeError>(EncodeError{2, 2, std::nullopt}))
          << name_of(encoding);
}

TEST(EncodeTest, DescribesWhatIsWrongForAPerson) {
  EXPECT_EQ(describe(EncodeError{1, 3, U'€'}, Encoding::kGbk),
            "character 2 (U+20AC) is not in gbk");
  EXPECT_EQ(describe(EncodeError{0, 0, U'é'}, Encoding::kAscii),
            "character 1 (U+00E9) is not in ascii");
  EXPECT_EQ(describe(EncodeError{2, 2, std::nullopt}, Encoding::kUtf8),
            "character 3 is not valid UTF-8");
}

TEST(EncodeTest, LongTextsOfAsciiAreCopiedWhereverTheFirstOtherCharacterStands) {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string plain(before, 'x');
    EXPECT_EQ(encoded(Encoding::kGbk, plain), plain);
    EXPECT_EQ(encoded(Encoding::kGbk, plain + "你" + plain), plain + hex("c4 e3") + plain);
  }
}

// --- the other encodings by themselves ---

TEST(Utf8Test, RefusesOverlongFormsSurrogatesAndWhatIsBeyondUnicode) {
  for (const auto* code : {"c0 80", "c1 bf", "e0 80 80", "e0 9f bf", "f0 80 80 80", "f0 8f bf bf",
                           "ed a0 80", "ed bf bf", "f4 90 80 80", "f5 80 80 80", "f8 88 80 80 80",
                           "fe", "ff", "80", "bf", "e4 bd 20", "c3 28", "f0 9f 98 20"})
    EXPECT_EQ(decode(Encoding::kUtf8, "a" + hex(code)), (Decoded{"a", End::kIllegal, 1})) << code;
}

TEST(Utf8Test, TakesTheFirstAndTheLastOfEachLength) {
  for (const auto* code : {"00", "7f", "c2 80", "df bf", "e0 a0 80", "ed 9f bf", "ee 80 80",
                           "ef bf bf", "f0 90 80 80", "f4 8f bf bf"})
    EXPECT_EQ(decode(Encoding::kUtf8, hex(code)),
              (Decoded{hex(code), End::kComplete, hex(code).size()}));
}

TEST(Utf8Test, WaitsForTheRestOfACharacter) {
  for (const auto* code : {"c2", "e4", "e4 bd", "f0", "f0 9f", "f0 9f 98"})
    EXPECT_EQ(decode(Encoding::kUtf8, "a" + hex(code)), (Decoded{"a", End::kIncomplete, 1}))
        << code;
}

TEST(Gb18030Test, WaitsForTheRestOfAFourOctetCode) {
  EXPECT_EQ(encoded(Encoding::kGb18030, "€😀"), hex("a2 e3 94 39 fc 36"));
  EXPECT_EQ(decode(Encoding::kGb18030, hex("94 39 fc 36")), (Decoded{"😀", End::kComplete, 4}));
  for (const auto* code : {"94", "94 39", "94 39 fc"})
    EXPECT_EQ(decode(Encoding::kGb18030, "a" + hex(code)), (Decoded{"a", End::kIncomplete, 1}))
        << code;
  for (const auto* code :
       {"80", "ff", "94 20", "94 39 20", "94 39 fc 20", "94 39 fc 40", "e3 32 9a 36"})
    EXPECT_EQ(decode(Encoding::kGb18030, "a" + hex(code)), (Decoded{"a", End::kIllegal, 1}))
        << code;
}

TEST(Gb18030Test, SixCharactersHaveASecondCodeThatIsReadButNeverWritten) {
  for (const auto* code :
       {"95 32 90 31", "95 32 90 33", "95 32 97 30", "95 36 b9 37", "96 30 ba 35", "96 35 b6 30"}) {
    const auto decoded = decode(Encoding::kGb18030, hex(code));
    EXPECT_EQ(decoded.end, End::kComplete) << code;
    EXPECT_EQ(encoded(Encoding::kGb18030, decoded.text).size(), 2U) << code;
  }
}

TEST(Latin1Test, IsTheFirst256CharactersOfUnicode) {
  EXPECT_EQ(encoded(Encoding::kLatin1, "é\u0080ÿ"), hex("e9 80 ff"));
  EXPECT_EQ(decode(Encoding::kLatin1, hex("e9 80 ff")), (Decoded{"é\u0080ÿ", End::kComplete, 3}));
}

TEST(AsciiTest, EndsBelow0x80) {
  EXPECT_EQ(decode(Encoding::kAscii, hex("00 7f 80")), (Decoded{hex("00 7f"), End::kIllegal, 2}));
}

// --- display ---

TEST(DecodeLossyTest, ShowsIllegalOctetsAndGoesOnWithTheNext) {
  EXPECT_EQ(decode_lossy(Encoding::kGbk, hex("ff ff")), "\\xff\\xff");
  EXPECT_EQ(decode_lossy(Encoding::kGbk, hex("c4 20 c4 e3")), "\\xc4 你");
  EXPECT_EQ(decode_lossy(Encoding::kGbk, hex("c4 7f")), "\\xc4\x7f");
  EXPECT_EQ(decode_lossy(Encoding::kGbk, hex("80 c4 e3 80")), "\\x80你\\x80");
  EXPECT_EQ(decode_lossy(Encoding::kUtf8, hex("e4 bd a0 e4 bd")), "你\\xe4\\xbd");
  EXPECT_EQ(decode_lossy(Encoding::kGb18030, hex("94 39 fc")), "\\x949\\xfc");
  EXPECT_EQ(decode_lossy(Encoding::kAscii, "a\\x"), "a\\x");
}

TEST(DecodeLossyTest, ShowsAnIncompleteTail) {
  EXPECT_EQ(decode_lossy(Encoding::kGbk, hex("c4 e3 c4")), "你\\xc4");
}

// --- streams ---

/// What a Decoder makes of `pieces`, in the form of what `decode` makes of the whole.
Decoded fed(Encoding encoding, const std::vector<Bytes>& pieces) {
  Decoder decoder(encoding);
  Decoded all{"", End::kComplete, 0};
  for (const auto& piece : pieces) {
    const auto result = decoder.feed(piece);
    all.text += result.text;
    if (!result.illegal_offset) continue;
    all.end = End::kIllegal;
    EXPECT_EQ(*result.illegal_offset, decoder.offset());
  }
  if (decoder.pending() > 0) all.end = End::kIncomplete;
  all.offset = decoder.offset();
  return all;
}

std::vector<Bytes> single_octets(ByteView bytes) {
  std::vector<Bytes> pieces;
  for (const char octet : bytes) pieces.emplace_back(1, octet);
  return pieces;
}

TEST(DecoderTest, OctetByOctetEqualsTheWholeForEveryPairOfOctets) {
  for (const auto encoding : kAll)
    for (unsigned pair = 0; pair < 0x10000; ++pair) {
      const auto code = octets({pair >> 8, pair & 0xff});
      ASSERT_EQ(fed(encoding, single_octets(code)), decode(encoding, code))
          << name_of(encoding) << " " << to_hex(code);
    }
}

/// Every kind of character, so that cuts fall at each place inside each.
constexpr std::string_view kMixed = "GET /你好啊?q=1\r\n我很好,你呢 — thank you !\r\n※①ⅧぁァΩя㈱龥";

TEST(DecoderTest, ACutAnywhereInALongTextChangesNothing) {
  for (const auto encoding : {Encoding::kGbk, Encoding::kUtf8, Encoding::kGb18030}) {
    const auto bytes = encoded(encoding, kMixed);
    const auto whole = decode(encoding, bytes);
    ASSERT_EQ(whole, (Decoded{std::string(kMixed), End::kComplete, bytes.size()}));
    for (std::size_t first = 0; first <= bytes.size(); ++first)
      for (std::size_t second = first; second <= bytes.size(); ++second)
        ASSERT_EQ(fed(encoding, {bytes.substr(0, first), bytes.substr(first, second - first),
                                 bytes.substr(second)}),
                  whole)
            << name_of(encoding) << " cut at " << first << " and " << second;
  }
}

TEST(DecoderTest, FourOctetCodesMayBeCutAnywhere) {
  for (const auto encoding : {Encoding::kUtf8, Encoding::kGb18030}) {
    const auto bytes = encoded(encoding, "😀é😀");
    EXPECT_EQ(fed(encoding, single_octets(bytes)), (Decoded{"😀é😀", End::kComplete, bytes.size()}));
  }
}

TEST(DecoderTest, HoldsAnIncompleteCharacterBack) {
  Decoder decoder(Encoding::kGbk);
  EXPECT_EQ(decoder.feed(hex("61 c4")).text, "a");
  EXPECT_EQ(decoder.pending(), 1U);
  EXPECT_EQ(decoder.offset(), 1U);
  EXPECT_EQ(decoder.feed("").text, "");
  EXPECT_EQ(decoder.pending(), 1U);
  EXPECT_EQ(decoder.feed(hex("e3")).text, "你");
  EXPECT_EQ(decoder.pending(), 0U);
  EXPECT_EQ(decoder.offset(), 3U);
}

TEST(DecoderTest, NamesTheStreamOffsetOfTheFirstIllegalOctetAndStaysThere) {
  Decoder decoder(Encoding::kGbk);
  EXPECT_THAT(decoder.feed(hex("c4 e3 61 c4")).illegal_offset, Eq(std::nullopt));
  const auto result = decoder.feed(hex("20 62"));
  EXPECT_EQ(result.text, "");
  EXPECT_THAT(result.illegal_offset, Optional(3));
  EXPECT_EQ(decoder.pending(), 0U);
  const auto later = decoder.feed("more");
  EXPECT_EQ(later.text, "");
  EXPECT_THAT(later.illegal_offset, Optional(3));
}

TEST(DecoderTest, StreamsOfOneThreadDoNotDisturbEachOther) {
  Decoder one(Encoding::kGb18030);
  Decoder other(Encoding::kGb18030);
  EXPECT_EQ(one.feed(hex("94 39")).text, "");
  EXPECT_EQ(other.feed(hex("94 39 fc")).text, "");
  EXPECT_EQ(one.feed(hex("fc 36")).text, "😀");
  EXPECT_EQ(other.feed(hex("36 61")).text, "😀a");
}

TEST(DecoderTest, ThreadsConvertAtTheSameTime) {
  std::vector<std::thread> threads;
  std::array<bool, 4> same{};
  for (auto& outcome : same)
    threads.emplace_back([&outcome] {
      outcome = true;
      for (const auto encoding : {Encoding::kGbk, Encoding::kGb18030})
        outcome &= decode(encoding, encoded(encoding, kMixed)).text == kMixed;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(same, testing::Each(true));
}

// --- held against Python's codecs ---

/// Where glibc's GB18030 (2.36) is not Python's (3.11): 25 two-octet codes that Python, after the
/// standard's edition of 2000, gives to private-use characters, and glibc, after the later
/// editions, to the characters that were since added to Unicode. In glibc 24 of the private-use
/// characters have no code at all, while U+E7C7 has changed places with U+1E3F. We say what glibc
/// says.
struct Gb18030Difference {
  char32_t python;  ///< private use
  unsigned code;    ///< two octets
  char32_t glibc;
};
constexpr Gb18030Difference kGb18030Differences[] = {
    {0xe78d, 0xa6d9, 0xfe10},  {0xe78e, 0xa6da, 0xfe12},  {0xe78f, 0xa6db, 0xfe11},
    {0xe790, 0xa6dc, 0xfe13},  {0xe791, 0xa6dd, 0xfe14},  {0xe792, 0xa6de, 0xfe15},
    {0xe793, 0xa6df, 0xfe16},  {0xe794, 0xa6ec, 0xfe17},  {0xe795, 0xa6ed, 0xfe18},
    {0xe796, 0xa6f3, 0xfe19},  {0xe7c7, 0xa8bc, 0x1e3f},  {0xe816, 0xfe51, 0x20087},
    {0xe817, 0xfe52, 0x20089}, {0xe818, 0xfe53, 0x200cc}, {0xe81e, 0xfe59, 0x9fb4},
    {0xe826, 0xfe61, 0x9fb5},  {0xe82b, 0xfe66, 0x9fb6},  {0xe82c, 0xfe67, 0x9fb7},
    {0xe831, 0xfe6c, 0x215d7}, {0xe832, 0xfe6d, 0x9fb8},  {0xe83b, 0xfe76, 0x2298f},
    {0xe843, 0xfe7e, 0x9fb9},  {0xe854, 0xfe90, 0x9fba},  {0xe855, 0xfe91, 0x241fe},
    {0xe864, 0xfea0, 0x9fbb}};

TEST(Gb18030Test, SaysWhatGlibcSaysWherePythonDiffers) {
  for (const auto& [python, code, glibc] : kGb18030Differences) {
    const auto bytes = octets({code >> 8, code & 0xff});
    EXPECT_EQ(outcome_of_decode(Encoding::kGb18030, bytes), to_hex(utf8(glibc)));
    EXPECT_EQ(outcome_of_encode(Encoding::kGb18030, glibc), to_hex(bytes));
    EXPECT_EQ(outcome_of_encode(Encoding::kGb18030, python),
              python == 0xe7c7 ? "81 35 f4 37" : "!");
  }
}

constexpr std::string_view kPython = R"(
import itertools, sys
e = '{}'
def decoded(octets):
    try: return bytes(octets).decode(e).encode().hex(' ')
    except UnicodeError: return '!'
def encoded(code):
    try: return chr(code).encode(e).hex(' ')
    except UnicodeError: return '!'
)";
constexpr std::string_view kPrintTable = R"(
print(*(decoded([a]) for a in range(256)), sep='\n')
print(*(decoded(p) for p in itertools.product(range(256), repeat=2)), sep='\n')
print(*(encoded(code) for code in range(0x110000)), sep='\n')
)";
constexpr std::string_view kPrintFourOctets = R"(
lead, digit = range(0x81, 0xff), range(0x30, 0x3a)
print(*(decoded(c) for c in itertools.product(lead, digit, lead, digit)), sep='\n')
)";

struct Printed {
  std::vector<std::string> lines;
  int exit_code = -1;  ///< 127: there is no such program
};

Printed python(Encoding encoding, std::string_view script) {
  const auto source = fmt::format(fmt::runtime(kPython), name_of(encoding)) + std::string(script);
  const auto command = "exec python3 - 2>&1 <<'END_OF_SCRIPT'\n" + source + "END_OF_SCRIPT\n";
  Printed printed;
  auto* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return printed;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    printed.lines.emplace_back(line.data());
    if (printed.lines.back().ends_with('\n')) printed.lines.back().pop_back();
  }
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) printed.exit_code = WEXITSTATUS(status);
  return printed;
}

/// Octets in hex, and characters, for which we do not say what Python says.
struct Differences {
  std::set<std::string> codes;
  std::set<char32_t> characters;
};

Differences known_differences(Encoding encoding) {
  Differences known;
  if (encoding != Encoding::kGb18030) return known;
  for (const auto& [python, code, glibc] : kGb18030Differences) {
    known.codes.insert(to_hex(octets({code >> 8, code & 0xff})));
    known.characters.insert({python, glibc});
  }
  return known;
}

Differences differences_from(const std::vector<std::string>& table, Encoding encoding) {
  Differences found;
  auto line = table.begin();
  const auto compare = [&](const Bytes& code) {
    if (outcome_of_decode(encoding, code) != *line++) found.codes.insert(to_hex(code));
  };
  for (unsigned octet = 0; octet < 0x100; ++octet) compare(octets({octet}));
  for (unsigned pair = 0; pair < 0x10000; ++pair) compare(octets({pair >> 8, pair & 0xff}));
  for (char32_t code = 0; code < kEndOfUnicode; ++code)
    if (outcome_of_encode(encoding, code) != *line++) found.characters.insert(code);
  return found;
}

class PythonTest : public testing::TestWithParam<Encoding> {};

TEST_P(PythonTest, AgreesOnEveryPairOfOctetsAndEveryCharacterButForTheKnownDifferences) {
  const auto printed = python(GetParam(), kPrintTable);
  if (printed.exit_code == 127) GTEST_SKIP() << "python3 is not installed";
  ASSERT_EQ(printed.exit_code, 0) << testing::PrintToString(printed.lines);
  ASSERT_EQ(printed.lines.size(), 0x100U + 0x10000U + kEndOfUnicode);
  const auto found = differences_from(printed.lines, GetParam());
  const auto known = known_differences(GetParam());
  EXPECT_EQ(found.codes, known.codes);
  EXPECT_EQ(found.characters, known.characters);
}

INSTANTIATE_TEST_SUITE_P(Encodings, PythonTest, testing::ValuesIn(kAll), [](const auto& encoding) {
  std::string name(name_of(encoding.param));
  std::erase(name, '-');
  return name;
});

TEST(Gb18030Test, AgreesWithPythonOnEveryFourOctetCodeButThoseOfTheKnownDifferences) {
  const auto printed = python(Encoding::kGb18030, kPrintFourOctets);
  if (printed.exit_code == 127) GTEST_SKIP() << "python3 is not installed";
  ASSERT_EQ(printed.exit_code, 0) << testing::PrintToString(printed.lines);
  ASSERT_EQ(printed.lines.size(), 126U * 10 * 126 * 10);
  std::map<std::string, std::string> differences;
  for (unsigned index = 0; index < printed.lines.size(); ++index) {
    const auto code = octets({0x81 + index / 12600, 0x30 + index / 1260 % 10,
                              0x81 + index / 10 % 126, 0x30 + index % 10});
    const auto outcome = outcome_of_decode(Encoding::kGb18030, code);
    if (outcome != printed.lines[index]) differences[printed.lines[index]] = outcome;
  }
  // Python's four-octet code of a character that has two octets in glibc is nothing there, but for
  // the characters beyond U+FFFF, which both take from it.
  std::map<std::string, std::string> expected;
  for (const auto& difference : kGb18030Differences)
    if (difference.glibc < 0x10000) expected[to_hex(utf8(difference.glibc))] = "!";
  expected[to_hex(utf8(0x1e3f))] = to_hex(utf8(0xe7c7));
  EXPECT_EQ(differences, expected);
}

}  // namespace
}  // namespace dialtone
