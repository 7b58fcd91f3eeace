#include "harness/model/frame_match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <fmt/format.h>

#include <string>

namespace dialtone {
namespace {

Bytes operator""_octets(const char* text, std::size_t size) { return {text, size}; }

const LengthPrefixFraming kLength{2};
const DelimiterFraming kCrLf{"\r\n"};

Matcher frame(const Framing& framing) { return FrameMatch{framing}; }
Matcher frame(const Framing& framing, Matcher body) {
  return FrameMatch{framing, std::make_shared<const MatcherList>(MatcherList{{std::move(body)}})};
}
Matcher exactly(const Bytes& octets) { return ExactMatch{Payload(octets)}; }
Matcher regex(const std::string& pattern) {
  return RegexMatch{pattern, std::make_shared<const re2::RE2>(pattern), false};
}

Expectation expectation_of(const Matcher& matcher, bool ended = false) {
  const auto* payload = payload_of(matcher);
  return {&matcher, payload == nullptr ? ByteView() : ByteView(*payload->constant()),
          Encoding::kUtf8, ended};
}

/// "5 captured: pq", "more", "wrong at 0: why".
std::string shown(const MatchResult& result) {
  if (const auto* matched = std::get_if<Matched>(&result))
    return fmt::format("{} captured: {}", matched->consumed, matched->captured);
  if (std::holds_alternative<NeedMore>(result)) return "more";
  const auto& wrong = std::get<Mismatch>(result);
  return fmt::format("wrong at {}{}{}", wrong.offset, wrong.reason.empty() ? "" : ": ",
                     wrong.reason);
}

struct Case {
  std::string name;
  Matcher matcher;
  Bytes stream;
  std::string shown;
  /// Octets after which that must be known; more of them change nothing.
  std::size_t known_after;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

class FrameMatchOfAnyCut : public ::testing::TestWithParam<Case> {};

// Each beginning of the stream is what some cut delivers first.
TEST_P(FrameMatchOfAnyCut, IsKnownAtTheFirstOctetThatDecidesIt) {
  const auto& [name, matcher, stream, expected, known_after] = GetParam();
  for (std::size_t size = 0; size <= stream.size(); ++size) {
    const auto result = match(expectation_of(matcher), ByteView(stream).substr(0, size));
    EXPECT_EQ(shown(result), size < known_after ? "more" : expected) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, FrameMatchOfAnyCut,
    ::testing::Values(
        Case{"AnyBody", frame(kLength), "\0\x02pq\0"_octets, "4 captured: pq", 4},
        Case{"AnEmptyBody", frame(kLength), "\0\0x"_octets, "2 captured: ", 2},
        Case{"AnyLine", frame(kCrLf), "p\rq\r\nx", "5 captured: p\rq", 5},
        Case{"AnyFixed", frame(FixedFraming{2}), "pqr", "2 captured: pq", 2},
        Case{"ThisBody", frame(kLength, exactly("pq")), "\0\x02pqr"_octets, "4 captured: pq", 4},
        Case{"AWrongLength", frame(kLength, exactly("pq")), "\0\x03pqr"_octets, "wrong at 1", 2},
        Case{"AWrongFirstOctet", frame(kLength, exactly("pq")), "Xxxx", "wrong at 0", 1},
        Case{"AWrongBody", frame(kLength, exactly("pq")), "\0\x02pXq"_octets, "wrong at 3", 4},
        Case{"AWrongLine", frame(kCrLf, exactly("pq")), "pXq\r\n", "wrong at 1", 2},
        Case{"ALineThatGoesOn", frame(kCrLf, exactly("pq")), "pqX\r\n", "wrong at 2", 3},
        Case{"ALengthOfTheBody", frame(kLength, LengthMatch{3}), "\0\x03pqr"_octets,
             "5 captured: pqr", 5},
        Case{"NotThatLengthOfTheBody", frame(kLength, LengthMatch{3}), "\0\x04pqrs"_octets,
             "wrong at 0: a frame of 6 octets is announced", 2},
        Case{"ARegexOfTheBody", frame(kLength, regex("n=([0-9]+);")), "\0\x07n=12;ab\0"_octets,
             "9 captured: 12", 9},
        Case{"ABodyWithoutTheRegex", frame(kLength, regex("n=([0-9]+);")), "\0\x03n=1;"_octets,
             "wrong at 5", 5},
        Case{"TheEndOfTheBodyIsThatOfItsRegex", frame(kCrLf, regex("^ok$")), "ok\r\n",
             "4 captured: ok", 4},
        Case{"ABodyThatOnlyBeginsAsTheRegex", frame(kCrLf, regex("^ok$")), "okay\r\n", "wrong at 4",
             6},
        Case{"AllThatTheRegexTakesOfTheBody", frame(kLength, regex("[0-9]+")), "\0\x04n=12"_octets,
             "6 captured: 12", 6},
        Case{"ARegexThatEndsASequence",
             frame(kCrLf, SequenceMatch{std::make_shared<const MatcherList>(MatcherList{
                              {exactly("n="), regex("[0-9]+$")}})}),
             "n=12\r\n", "6 captured: 12", 6},
        Case{"ABodyThatIsNoText", frame(kLength, regex("ok")), "\0\x04ok\xff!"_octets, "wrong at 4",
             5},
        Case{"ABodyThatEndsInACharacter", frame(kLength, regex("ok")), "\0\x03ok\xc3"_octets,
             "wrong at 4", 5},
        Case{"ABodyThatBeginsWrong", frame(kLength, PrefixMatch{Payload(Bytes("ok"))}),
             "\0\x09nok"_octets, "wrong at 2", 3},
        Case{"ABodyThatBeginsRight", frame(kLength, PrefixMatch{Payload(Bytes("ok"))}),
             "\0\x03okX"_octets, "5 captured: ok", 5},
        Case{"TheDelimiterIsNoPartOfTheBody", frame(kCrLf, PrefixMatch{Payload(Bytes("ok"))}),
             "o\r\n", "wrong at 1", 3},
        Case{"AHugeLength", frame(LengthPrefixFraming{4}), "HTTP/1.1",
             "wrong at 0: this is no frame: its length is 1213486160, above 67108860", 4},
        Case{"OctetsBeforeTheLength",
             frame(LengthPrefixFraming{1, false, false, 1}, PrefixMatch{Payload(Bytes("Tok"))}),
             "T\x03oXk", "wrong at 3", 4},
        Case{"AFrameInAFrame", frame(kLength, frame(kCrLf, exactly("p"))), "\0\x03p\r\n"_octets,
             "5 captured: p", 5},
        Case{"InASequence",
             SequenceMatch{std::make_shared<const MatcherList>(MatcherList{
                 {frame(kLength), frame(kLength, exactly("q"))}})},
             "\0\x01p\0\x01q"_octets, "6 captured: q", 6}),
    [](const auto& each) { return each.param.name; });

TEST(FrameMatchTest, UntilEofIsWholeOnceTheStreamHasEnded) {
  const auto any = frame(UntilEofFraming{});
  const auto this_one = frame(UntilEofFraming{}, exactly("pq"));
  EXPECT_EQ(shown(match(expectation_of(any), "pq")), "more");
  EXPECT_EQ(shown(match(expectation_of(any, true), "pq")), "2 captured: pq");
  EXPECT_EQ(shown(match(expectation_of(any, true), "")), "more");  // nothing is no frame
  EXPECT_EQ(shown(match(expectation_of(this_one), "pq")), "more");
  EXPECT_EQ(shown(match(expectation_of(this_one, true), "pq")), "2 captured: pq");
  EXPECT_EQ(shown(match(expectation_of(this_one), "pX")), "wrong at 1");
  EXPECT_EQ(shown(match(expectation_of(this_one), "pqX")), "wrong at 2");
  EXPECT_EQ(shown(match(expectation_of(this_one, true), "p")), "wrong at 1");
}

TEST(FrameMatchTest, UntilEofMayEndASequence) {
  const Matcher both = SequenceMatch{std::make_shared<const MatcherList>(
      MatcherList{{exactly("AB"), frame(UntilEofFraming{}, exactly("body"))}})};
  EXPECT_EQ(shown(match(expectation_of(both), "ABbody")), "more");
  EXPECT_EQ(shown(match(expectation_of(both, true), "ABbody")), "6 captured: body");
  EXPECT_EQ(shown(match(expectation_of(both, true), "ABbod")), "wrong at 5");
}

// A large frame that comes in many pieces would cost the square of its length.
TEST(FrameMatchTest, WhatAnEarlierCallHasSeenIsNotLookedAtAgain) {
  const auto matcher = frame(kCrLf, exactly("abc"));
  auto expectation = expectation_of(matcher);
  expectation.seen = 2;
  EXPECT_EQ(shown(match(expectation, "??c")), "more");
  EXPECT_EQ(shown(match(expectation, "??x")), "wrong at 2");
  EXPECT_EQ(shown(match(expectation, "??c\r\n")), "5 captured: abc");
}

TEST(FrameMatchTest, IsDescribedByWhatIsKnown) {
  const auto any = frame(LengthPrefixFraming{4});
  EXPECT_EQ(describe(expectation_of(any)), "a frame that has a length of 4 octets in front");
  EXPECT_EQ(describe(expectation_of(any), "\0\0\0\x08pqr"_octets), "a frame of 12 octets");
  const auto this_one = frame(kLength, exactly("pq"));
  EXPECT_EQ(describe(expectation_of(this_one)), "a frame of 4 octets, with exactly 2 octets");
  EXPECT_EQ(known_octets(expectation_of(this_one)), "\0\x02pq"_octets);
  const auto line = frame(kCrLf, regex("x"));
  EXPECT_EQ(describe(expectation_of(line)),
            "a frame that ends in 0d 0a, with text that matches /x/");
  EXPECT_EQ(known_octets(expectation_of(line)), "");
}

}  // namespace
}  // namespace dialtone
