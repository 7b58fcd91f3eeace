#include "harness/model/matcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <ostream>
#include <vector>

namespace dialtone {

// As the tests below compare and print them.
static bool operator==(const Matched& left, const Matched& right) {
  return left.consumed == right.consumed && left.captured == right.captured;
}
static bool operator==(const NeedMore&, const NeedMore&) { return true; }
static bool operator==(const Mismatch& left, const Mismatch& right) {
  return left.offset == right.offset;
}
static void PrintTo(const Matched& matched, std::ostream* out) {
  *out << "consumed " << matched.consumed << ", captured " << to_hex(matched.captured);
}
static void PrintTo(const NeedMore&, std::ostream* out) { *out << "need more"; }
static void PrintTo(const Mismatch& wrong, std::ostream* out) {
  *out << "wrong at " << wrong.offset;
}

namespace {

using ::testing::Eq;
using ::testing::VariantWith;

Matcher regex(const std::string& pattern, bool as_bytes = false) {
  re2::RE2::Options options(as_bytes ? re2::RE2::Latin1 : re2::RE2::DefaultOptions);
  options.set_dot_nl(true);
  return RegexMatch{pattern, std::make_shared<const re2::RE2>(pattern, options), as_bytes};
}

template <class Kind>
Matcher of(const Bytes& octets) {
  return Kind{Payload(octets)};
}

Matcher sequence(std::vector<Matcher> parts) {
  return SequenceMatch{std::make_shared<const MatcherList>(MatcherList{std::move(parts)})};
}

MatchResult judge(const Matcher& matcher, ByteView received, Encoding encoding = Encoding::kUtf8,
                  std::size_t seen = 0) {
  const auto* payload = payload_of(matcher);
  const ByteView octets = payload == nullptr ? ByteView() : ByteView(*payload->constant());
  return match({.matcher = &matcher, .octets = octets, .encoding = encoding, .seen = seen},
               received);
}

/// The first result that is one, of a stream that arrives in pieces: up to each of `ends`.
MatchResult judge_pieces(const Matcher& matcher, ByteView stream, Encoding encoding,
                         const std::vector<std::size_t>& ends) {
  std::size_t seen = 0;
  for (const auto end : ends) {
    auto result = judge(matcher, stream.substr(0, end), encoding, seen);
    if (!std::holds_alternative<NeedMore>(result)) return result;
    seen = end;
  }
  return NeedMore{};
}

struct Case {
  std::string name;
  Matcher matcher;
  Bytes stream;
  MatchResult expected;
  Encoding encoding = Encoding::kUtf8;
};

class MatchOfAnyCut : public ::testing::TestWithParam<Case> {};

TEST_P(MatchOfAnyCut, IsTheSameInOnePiece) {
  const auto& [name, matcher, stream, expected, encoding] = GetParam();
  EXPECT_EQ(judge(matcher, stream, encoding), expected);
}

TEST_P(MatchOfAnyCut, IsTheSameOctetByOctet) {
  const auto& [name, matcher, stream, expected, encoding] = GetParam();
  std::vector<std::size_t> ends;
  for (std::size_t end = 0; end <= stream.size(); ++end) ends.push_back(end);
  EXPECT_EQ(judge_pieces(matcher, stream, encoding, ends), expected);
}

TEST_P(MatchOfAnyCut, IsTheSameInTwoPieces) {
  const auto& [name, matcher, stream, expected, encoding] = GetParam();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    EXPECT_EQ(judge_pieces(matcher, stream, encoding, {cut, stream.size()}), expected) << cut;
  }
}

TEST_P(MatchOfAnyCut, IsTheSameInThreePieces) {
  const auto& [name, matcher, stream, expected, encoding] = GetParam();
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      EXPECT_EQ(judge_pieces(matcher, stream, encoding, {first, second, stream.size()}), expected)
          << first << ", " << second;
    }
  }
}

const Case kCases[] = {
    {"Sequence", sequence({of<ExactMatch>("ab"), of<UntilMatch>("\n\n"), of<ExactMatch>("cdcd")}),
     "abxy\n\ncdcdz", Matched{10, "cdcd"}},
    {"SequenceWrongAtItsEnd",
     sequence({of<UntilMatch>("\n"), of<UntilMatch>("\n"), of<ExactMatch>("cdcd")}), "a\n\ncdcx",
     Mismatch{6}},
    {"SequenceThatEndsInUntil", sequence({of<ExactMatch>("a"), of<UntilMatch>("bbc")}), "abbbcbbc",
     Matched{5, "b"}},
    {"SequenceTooShort", sequence({of<UntilMatch>("\n"), of<ContainsMatch>("\n")}), "aaa\nbb",
     NeedMore{}},
    {"ExactEqual", of<ExactMatch>("abc"), "abc", Matched{3, "abc"}},
    {"ExactLeavesTheRest", of<ExactMatch>("abc"), "abcd", Matched{3, "abc"}},
    {"ExactTooShort", of<ExactMatch>("abc"), "ab", NeedMore{}},
    {"ExactNothingYet", of<ExactMatch>("abc"), "", NeedMore{}},
    {"ExactWrongFirst", of<ExactMatch>("abc"), "xbc", Mismatch{0}},
    {"ExactWrongLast", of<ExactMatch>("abc"), "abx", Mismatch{2}},
    {"ExactWrongThoughShort", of<ExactMatch>("abcdef"), "abx", Mismatch{2}},
    {"ExactOctets", of<ExactMatch>(Bytes("\0\xff", 2)), Bytes("\0\xff", 2),
     Matched{2, Bytes("\0\xff", 2)}},
    {"PrefixEqual", of<PrefixMatch>("ab"), "abc", Matched{2, "ab"}},
    {"PrefixWrong", of<PrefixMatch>("ab"), "aab", Mismatch{1}},
    {"PrefixTooShort", of<PrefixMatch>("ab"), "a", NeedMore{}},
    {"ContainsAtTheFront", of<ContainsMatch>("ab"), "abab", Matched{2, "ab"}},
    {"ContainsInside", of<ContainsMatch>("ab"), "xaabx", Matched{4, "xaab"}},
    {"ContainsNot", of<ContainsMatch>("ab"), "axb", NeedMore{}},
    {"UntilAtTheFront", of<UntilMatch>("\r\n"), "\r\nx", Matched{2, ""}},
    {"UntilInside", of<UntilMatch>("\r\n"), "a\rb\r\nc", Matched{5, "a\rb"}},
    {"UntilNot", of<UntilMatch>("\r\n"), "a\r", NeedMore{}},
    {"LengthReached", LengthMatch{3}, "abcd", Matched{3, "abc"}},
    {"LengthNotReached", LengthMatch{3}, "ab", NeedMore{}},
    {"RegexAtTheFront", regex("ab"), "abc", Matched{2, "ab"}},
    {"RegexInside", regex("b+c"), "abbcd", Matched{4, "bbc"}},
    {"RegexNot", regex("b+c"), "abb", NeedMore{}},
    {"RegexGroup", regex("port (\\d+)\n"), "port 4711\nx", Matched{10, "4711"}},
    {"RegexFirstOfTwoGroups", regex("(a)(b)"), "xab", Matched{3, "a"}},
    {"RegexGroupThatIsNotTaken", regex("(a)?b"), "b", Matched{1, ""}},
    {"RegexEndsAsSoonAsItCan", regex("\\d+"), "4711", Matched{1, "4"}},
    {"RegexOfGreedyParts", regex("<.*>"), "<a><b>", Matched{3, "<a>"}},
    {"RegexOfAlternatives", regex("abcd|bc"), "abcd", Matched{3, "bc"}},
    {"RegexWithAnchor", regex("^b"), "ab", NeedMore{}},
    {"RegexWithEnd", regex("ab$"), "abc", Matched{2, "ab"}},
    {"RegexWithEndInAClass", regex("[$]\\d\n"), "a$1\n", Matched{4, "$1\n"}},
    {"RegexWithWordEnd", regex("\\bok\\b"), "okay ok", Matched{2, "ok"}},
    {"RegexWithNoWordEnd", regex("ok\\B"), "okay", Matched{2, "ok"}},
    {"RegexWithEndOfText", regex("k\\z"), "okay", Matched{2, "k"}},
    {"RegexWithEscapedBackslash", regex("\\\\b"), "a\\b", Matched{3, "\\b"}},
    {"RegexOverLines", regex("a.b"), "a\nb", Matched{3, "a\nb"}},
    {"RegexOnGbk", regex("你(.)么"), "\xc4\xe3\xd4\xda\xc3\xb4?", Matched{6, "在"}, Encoding::kGbk},
    {"RegexOnGbkInside", regex("在"), "x\xc4\xe3\xd4\xda\xc3\xb4", Matched{5, "在"},
     Encoding::kGbk},
    // 0x7c, '|' in ASCII, is the trail octet of a character here.
    {"RegexOnGbkKeepsCharactersWhole", regex("\\|"), "\x81\x7c|", Matched{3, "|"}, Encoding::kGbk},
    {"RegexOnGb18030", regex(".!"), "\x81\x30\x81\x30!", Matched{5, "\xc2\x80!"},
     Encoding::kGb18030},
    {"RegexOnLatin1", regex("é+!"), "\xe9\xe9!", Matched{3, "éé!"}, Encoding::kLatin1},
    {"RegexOnUtf8", regex("么"), "你在么?", Matched{9, "么"}},
    {"RegexBeforeIllegalOctets", regex("a"), "xa\xff", Matched{2, "a"}},
    {"RegexBehindIllegalOctets", regex("a"),
     "x\xff"
     "a",
     Mismatch{1}},
    {"RegexOnIllegalGbk", regex("a"),
     "\xc4\xe3\xff\xff"
     "a",
     Mismatch{2}, Encoding::kGbk},
    {"RegexOnHalfACharacter", regex("a"), "x\xe4\xbd", NeedMore{}},
    {"RegexOnOctets", regex("\\xff(.)", true), "a\xff\xfe", Matched{3, "\xfe"}},
    {"RegexOnOctetsWithNul", regex("\\x00b", true), Bytes("a\0b", 3), Matched{3, Bytes("\0b", 2)}},
};

INSTANTIATE_TEST_SUITE_P(All, MatchOfAnyCut, ::testing::ValuesIn(kCases),
                         [](const auto& one) { return one.param.name; });

TEST(MatcherTest, ARegexOfManyOctetsIsFast) {
  // Halving, not trying each cut: 21 searches, not a million.
  const Bytes stream = Bytes(1 << 20, 'a') + "b";
  EXPECT_THAT(judge(regex("(b)"), stream), VariantWith<Matched>(Eq(Matched{stream.size(), "b"})));
}

TEST(MatcherTest, SaysWhatIsExpected) {
  const auto described = [](const Matcher& matcher) {
    const auto* payload = payload_of(matcher);
    return describe({&matcher, payload == nullptr ? "" : *payload->constant(), Encoding::kUtf8});
  };
  EXPECT_EQ(described(of<ExactMatch>("abc")), "exactly 3 octets");
  EXPECT_EQ(described(of<ExactMatch>("a")), "exactly 1 octet");
  EXPECT_EQ(described(of<PrefixMatch>("abc")), "octets that begin with 3 given ones");
  EXPECT_EQ(described(of<ContainsMatch>("abc")), "octets that contain 3 given ones");
  EXPECT_EQ(described(of<UntilMatch>("ab")), "octets up to 2 given ones");
  EXPECT_EQ(described(LengthMatch{1}), "1 octet");
  EXPECT_EQ(described(regex("a\x1b")), "text that matches /a\\x1b/");
  EXPECT_EQ(described(regex("a", true)), "octets that match /a/");
}

TEST(MatcherTest, OnlyWhatComparesOctetsHasAPayload) {
  EXPECT_EQ(*payload_of(of<UntilMatch>("ab"))->constant(), "ab");
  EXPECT_EQ(payload_of(LengthMatch{1}), nullptr);
  EXPECT_EQ(payload_of(regex("a")), nullptr);
}

}  // namespace
}  // namespace dialtone
