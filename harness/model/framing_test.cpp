#include "harness/model/framing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/model/framer.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;

LengthPrefixFraming length_of(std::size_t octets) { return {octets}; }

/// All that came of a stream: bodies, then why there are no more (empty: none came).
struct Taken {
  std::vector<Bytes> bodies;
  std::string error;  ///< "3: its length is ..."

  bool operator==(const Taken&) const = default;
};

void PrintTo(const Taken& taken, std::ostream* out) {
  for (const auto& body : taken.bodies) *out << '[' << to_hex(body) << "] ";
  *out << taken.error;
}

void take_all(Framer& framer, Taken& taken) {
  while (true) {
    const auto next = framer.next();
    if (const auto* body = std::get_if<Bytes>(&next)) {
      taken.bodies.push_back(*body);
      continue;
    }
    if (const auto* error = std::get_if<FrameError>(&next))
      taken.error = std::to_string(error->offset) + ": " + error->reason;
    return;
  }
}

/// `pieces`: where the stream is cut, ascending.
Taken take(const Framing& framing, ByteView stream, const std::vector<std::size_t>& pieces) {
  Framer framer(framing);
  Taken taken;
  std::size_t from = 0;
  for (const auto to : pieces) {
    framer.feed(stream.substr(from, to - from));
    take_all(framer, taken);
    from = to;
  }
  framer.feed(stream.substr(from));
  take_all(framer, taken);
  framer.end();
  take_all(framer, taken);
  return taken;
}

struct Case {
  std::string name;
  Framing framing;
  Bytes stream;
  Taken taken;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

Bytes operator""_octets(const char* text, std::size_t size) { return {text, size}; }

class FramesOfAStream : public ::testing::TestWithParam<Case> {};

TEST_P(FramesOfAStream, ComeWhole) {
  EXPECT_EQ(take(GetParam().framing, GetParam().stream, {}), GetParam().taken);
}

// Every set of cuts: 2 to the power of the inner boundaries.
TEST_P(FramesOfAStream, AreTheSameHoweverItIsCut) {
  const auto& stream = GetParam().stream;
  ASSERT_LE(stream.size(), 14U);
  const std::size_t boundaries = stream.empty() ? 0 : stream.size() - 1;
  for (std::size_t set = 0; set < std::size_t{1} << boundaries; ++set) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < boundaries; ++at) {
      if ((set >> at & 1U) != 0) cuts.push_back(at + 1);
    }
    ASSERT_EQ(take(GetParam().framing, stream, cuts), GetParam().taken) << "cuts " << set;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, FramesOfAStream,
    ::testing::Values(
        Case{"Lines", DelimiterFraming{"\n"}, "ab\n\nc\n", {{"ab", "", "c"}, ""}},
        Case{
            "ALineWithoutEnd", DelimiterFraming{"\n"}, "ab\ncd", {{"ab"}, "5: its end is missing"}},
        Case{"ADelimiterOfTwo", DelimiterFraming{"\r\n"}, "a\rb\r\r\nc\r\n", {{"a\rb\r", "c"}, ""}},
        Case{"ADelimiterThatOverlaps", DelimiterFraming{"aab"}, "aaabaab", {{"a", ""}, ""}},
        Case{"LengthOfOne", length_of(1), "\x02pq\0\x01r"_octets, {{"pq", "", "r"}, ""}},
        Case{"LengthOfFour", length_of(4), "\0\0\0\x03xyz\0\0\0\0"_octets, {{"xyz", ""}, ""}},
        Case{"LittleEndian",
             LengthPrefixFraming{2, true},
             "\x02\0pq\x01\0r"_octets,
             {{"pq", "r"}, ""}},
        Case{"CountsWhole",
             LengthPrefixFraming{2, false, true},
             "\0\x04pq\0\x02"_octets,
             {{"pq", ""}, ""}},
        Case{"PostgresHasATypeBeforeIt",
             LengthPrefixFraming{4, false, true, 1, 1},
             "Q\0\0\0\x06s\0X\0\0\0\x04"_octets,
             {{"Qs\0"_octets, "X"}, ""}},
        Case{"MysqlHasANumberBehindIt",
             LengthPrefixFraming{3, true, false, 0, 1},
             "\x01\0\0\x07p"_octets,
             {{"\x07p"}, ""}},
        Case{"EightOctets", length_of(8), "\0\0\0\0\0\0\0\x01r"_octets, {{"r"}, ""}},
        Case{"AFrameThatLacksItsEnd",
             length_of(1),
             "\x01r\x03pq"_octets,
             {{"r"}, "5: its end is missing: 3 octets of 4 came"}},
        Case{"ALengthThatLacksItsEnd", length_of(4), "\0\0"_octets, {{}, "2: its end is missing"}},
        Case{"Fixed", FixedFraming{3}, "abcdef", {{"abc", "def"}, ""}},
        Case{"FixedAndTooFew",
             FixedFraming{3},
             "abcd",
             {{"abc"}, "4: its end is missing: 1 octet of 3 came"}},
        Case{"UntilEof", UntilEofFraming{}, "ab\ncd", {{"ab\ncd"}, ""}},
        Case{"NothingUntilEof", UntilEofFraming{}, "", {{}, ""}},
        Case{"OneShot", OneShotFraming{6}, "abcdef", {{"abcdef"}, ""}},
        // Hostile lengths.
        Case{"AHugeLength",
             length_of(4),
             "HTTP/1.1",
             {{}, "0: its length is 1213486160, above 67108860"}},
        Case{"ALengthAboveAll",
             LengthPrefixFraming{4},
             "\xff\xff\xff\xffr"_octets,
             {{}, "0: its length is 4294967295, above 67108860"}},
        Case{"AnOverflow",
             length_of(8),
             "\xff\xff\xff\xff\xff\xff\xff\xff"_octets,
             {{}, "0: its length is 18446744073709551615, above 67108856"}},
        Case{"AnOverflowBehindAGoodOne",
             LengthPrefixFraming{8, true, true, 0, 9},
             "\xff\xff\xff\xff\xff\xff\xff\xff"_octets,
             {{}, "0: its length is 18446744073709551615, above 67108855"}},
        Case{"ZeroForTheWhole",
             LengthPrefixFraming{2, false, true},
             "\0\x02\0\0xy"_octets,
             {{""}, "2: its length is 0, below 2"}},
        Case{"LessThanItsHeader",
             LengthPrefixFraming{4, false, true, 1, 1},
             "Q\0\0\0\x03xy"_octets,
             {{}, "1: its length is 3, below 4"}}),
    [](const auto& each) { return each.param.name; });

TEST(FramingTest, WhatIsFramedIsTakenApartToTheSame) {
  const std::vector<Framing> framings{DelimiterFraming{"\r\n"},
                                      length_of(1),
                                      length_of(8),
                                      LengthPrefixFraming{2, true, true},
                                      LengthPrefixFraming{4, false, true, 1, 1},
                                      LengthPrefixFraming{3, true, false, 2, 3},
                                      FixedFraming{7},
                                      UntilEofFraming{}};
  for (const auto& framing : framings) {
    const auto frame = frame_of(framing, "a\r\0\xff\nxy"_octets);
    ASSERT_TRUE(std::holds_alternative<Bytes>(frame)) << describe(framing);
    const auto taken = take(framing, std::get<Bytes>(frame), {});
    EXPECT_EQ(taken, (Taken{{"a\r\0\xff\nxy"_octets}, ""})) << describe(framing);
  }
}

TEST(FramingTest, TheLengthIsWrittenAsItIsRead) {
  const auto frame = [](const LengthPrefixFraming& framing, ByteView body) {
    return std::get<Bytes>(frame_of(framing, body));
  };
  EXPECT_EQ(frame(length_of(4), "PING"), "\0\0\0\x04PING"_octets);
  EXPECT_EQ(frame({2, true, true}, "PING"), "\x06\0PING"_octets);
  EXPECT_EQ(frame({4, false, true, 1, 1}, "Qs"), "Q\0\0\0\x05s"_octets);
}

std::string refusal(const Framing& framing, ByteView body) {
  const auto frame = frame_of(framing, body);
  const auto* error = std::get_if<FrameError>(&frame);
  return error == nullptr ? "" : std::to_string(error->offset) + ": " + error->reason;
}

TEST(FramingTest, WhatNoFrameCanCarryIsRefused) {
  EXPECT_EQ(refusal(length_of(1), Bytes(255, 'x')), "");
  EXPECT_EQ(refusal(length_of(1), Bytes(256, 'x')),
            "0: 256 octets are more than a length of 1 octet can say");
  EXPECT_EQ(refusal(LengthPrefixFraming{1, false, true}, Bytes(254, 'x')), "");
  EXPECT_NE(refusal(LengthPrefixFraming{1, false, true}, Bytes(255, 'x')), "");
  EXPECT_EQ(refusal(LengthPrefixFraming{4, false, false, 1, 2}, "ab"),
            "2: 2 octets are fewer than its header has");
  EXPECT_EQ(refusal(DelimiterFraming{"\n"}, "a\nb"), "1: what ends a frame (0a) stands in it");
  // It would end too soon, with octets of the body.
  EXPECT_NE(refusal(DelimiterFraming{"\r\n\r\n"}, "a\r\n"), "");
  EXPECT_NE(refusal(DelimiterFraming{"aa"}, "ba"), "");
  EXPECT_EQ(refusal(DelimiterFraming{"\r\n\r\n"}, "a\r"), "");
  EXPECT_EQ(refusal(FixedFraming{3}, "abcd"), "3: 4 octets in place of 3");
  EXPECT_EQ(refusal(OneShotFraming{3}, "abcd"),
            "3: 4 octets are more than the 3 that one recv takes");
  EXPECT_EQ(refusal(OneShotFraming{}, "abcd"), "");
}

TEST(FramerTest, AnErrorStays) {
  Framer framer(LengthPrefixFraming{1, false, true});
  framer.feed("\0\x02x"_octets);
  for (int i = 0; i < 2; ++i) {
    const auto next = framer.next();
    ASSERT_TRUE(std::holds_alternative<FrameError>(next));
    EXPECT_EQ(std::get<FrameError>(next).offset, 0U);
  }
}

TEST(FramerTest, TheSizeIsToldAsSoonAsItIsKnown) {
  Framer framer(length_of(2));
  framer.feed("\0"_octets);
  EXPECT_EQ(std::get<PartialFrame>(framer.next()).size, std::nullopt);
  framer.feed("\x0a");
  EXPECT_EQ(std::get<PartialFrame>(framer.next()).size, 12U);
}

TEST(FramerTest, WholeFramesAreToldFromOthers) {
  EXPECT_FALSE(not_whole(DelimiterFraming{"\n"}, "a\nb\n"));
  const auto error = not_whole(DelimiterFraming{"\n"}, "a\nb");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->offset, 3U);
  EXPECT_THAT(not_whole(OneShotFraming{2}, "abc")->reason, HasSubstr("one recv takes 2 octets"));
}

}  // namespace
}  // namespace dialtone
