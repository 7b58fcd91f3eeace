#include "harness/model/framing_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/matcher_reader.hpp"
#include "harness/model/payload_reader.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::StrEq;

struct Read {
  std::optional<Framing> framing;
  std::string shown;  ///< the mistakes
};

Read read(const std::string& text) {
  Diagnostics diagnostics;
  LoadContext context("p", {}, diagnostics);
  const auto node = parse_json("p", text, diagnostics);
  const Scope scope;
  Read result;
  result.framing = PayloadReader(Encoding::kUtf8, scope, context).framing(*node);
  context.sort_reports();
  for (const auto& diagnostic : diagnostics) result.shown += render(diagnostic);
  return result;
}

/// As the frame of "ab" shows it.
std::string frame_by(const std::string& text) {
  const auto [framing, shown] = read(text);
  if (!framing) return shown;
  const auto frame = frame_of(*framing, "ab");
  const auto* octets = std::get_if<Bytes>(&frame);
  return octets == nullptr ? std::get<FrameError>(frame).reason : to_hex(*octets);
}

TEST(FramingReaderTest, EachKindIsRead) {
  EXPECT_EQ(frame_by(R"("line")"), "61 62 0a");
  EXPECT_EQ(frame_by(R"({"delimiter": "\r\n"})"), "61 62 0d 0a");
  EXPECT_EQ(frame_by(R"({"delimiter": {"hex": "00"}})"), "61 62 00");
  EXPECT_EQ(frame_by(R"({"length_prefix": {"octets": 4}})"), "00 00 00 02 61 62");
  EXPECT_EQ(frame_by(R"({"length_prefix": {"octets": 2, "order": "little", "counts": "whole"}})"),
            "04 00 61 62");
  EXPECT_EQ(frame_by(R"({"length_prefix": {"octets": 1, "order": "big", "counts": "body",
                         "offset": 1, "add": 1}})"),
            "61 00 62");
  EXPECT_EQ(frame_by(R"({"fixed": 2})"), "61 62");
  EXPECT_EQ(frame_by(R"({"fixed": 3})"), "2 octets in place of 3");
  EXPECT_EQ(frame_by(R"({"oneshot": 1})"), "2 octets are more than the 1 that one recv takes");
  EXPECT_TRUE(std::holds_alternative<OneShotFraming>(*read(R"("oneshot")").framing));
  EXPECT_TRUE(std::holds_alternative<UntilEofFraming>(*read(R"("until_eof")").framing));
}

struct Mistake {
  const char* name;
  const char* text;
  const char* shown;
};

class FramingMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(FramingMistakes, AreShownWithTheirPlaceAndAHint) {
  const auto [framing, shown] = read(GetParam().text);
  EXPECT_EQ(framing, std::nullopt);
  EXPECT_THAT(shown, StrEq(GetParam().shown));
}

INSTANTIATE_TEST_SUITE_P(
    All, FramingMistakes,
    ::testing::Values(
        Mistake{"Number", "4",
                "p:1:1: a framing cannot be a number\n  hint: \"line\", \"oneshot\", "
                "\"until_eof\", {\"delimiter\": \"\\r\\n\"}, {\"fixed\": 16}, or "
                "{\"length_prefix\": {\"octets\": 4}}\n"},
        Mistake{"Word", R"("lines")",
                "p:1:1: unknown framing 'lines'\n  hint: did you mean 'line'?\n"},
        Mistake{"KindAsAWord", R"("fixed")",
                "p:1:1: 'fixed' needs a value\n  hint: \"line\", \"oneshot\", \"until_eof\", "
                "{\"delimiter\": \"\\r\\n\"}, {\"fixed\": 16}, or {\"length_prefix\": "
                "{\"octets\": 4}}\n"},
        Mistake{"WordAsAKind", R"({"line": true})",
                "p:1:2: unknown framing 'line'\n  hint: write \"line\" alone\n"},
        Mistake{"Two", R"({"fixed": 4, "delimiter": "x"})",
                "p:1:14: 'fixed' and 'delimiter' exclude each other\n  hint: a profile has one "
                "framing, for requests and replies\n"},
        Mistake{"Empty", R"({"delimiter": ""})",
                "p:1:15: 'delimiter' is empty, so that no frame would end\n  hint: "
                "\"delimiter\": \"\\r\\n\", or {\"hex\": \"00\"}\n"},
        Mistake{"BadDelimiter", R"({"delimiter": {"hex": "0"}})",
                "p:1:23: bad hex\n  hint: pairs of hex digits, such as \"c4 e3\"\n"},
        Mistake{"FixedZero", R"({"fixed": 0})",
                "p:1:11: 'fixed' must be between 1 and 67108864 octets\n"},
        Mistake{"FixedHuge", R"({"fixed": 99999999999})",
                "p:1:11: 'fixed' must be between 1 and 67108864 octets\n"},
        Mistake{"NoObject", R"({"length_prefix": 4})",
                "p:1:19: 'length_prefix' must be an object, but is a number\n"},
        Mistake{"NoOctets", R"({"length_prefix": {}})",
                "p:1:19: 'length_prefix' needs 'octets': how many the length has\n  hint: "
                "\"length_prefix\": {\"octets\": 4, \"order\": \"big\", \"counts\": \"body\"}\n"},
        Mistake{
            "AllAtOnce",
            R"({"length_prefix": {"octets": 5, "order": "middle", "counts": "all", "offset": -1, "ad": 1}})",
            "p:1:30: a length cannot have 5 octets\n  hint: 1, 2, 3, 4 or 8\n"
            "p:1:42: 'order' must be \"big\" or \"little\"\n"
            "p:1:62: 'counts' must be \"body\" or \"whole\"\n"
            "p:1:79: 'offset' must be between 0 and 65535 octets\n"
            "p:1:83: unknown key 'ad' in 'length_prefix'\n  hint: did you mean 'add'?\n"}),
    [](const auto& each) { return each.param.name; });

/// What is said where the text is read as a payload, or as a matcher, of a profile with this
/// framing.
std::string mistakes_of(const std::string& text, bool as_matcher,
                        const std::optional<Framing>& framing = DelimiterFraming{"\n"}) {
  Diagnostics diagnostics;
  LoadContext context("s", {}, diagnostics);
  context.set_framing(framing);
  const auto node = parse_json("s", text, diagnostics);
  const Scope scope;
  if (as_matcher) {
    MatcherReader(Encoding::kUtf8, scope, context).matcher(*node);
  } else {
    PayloadReader(Encoding::kUtf8, scope, context).payload(*node);
  }
  std::string shown;
  for (const auto& diagnostic : diagnostics) shown += render(diagnostic);
  return shown;
}

TEST(FramePayloadTest, IsTheBodyInItsFrame) {
  Diagnostics diagnostics;
  LoadContext context("s", {}, diagnostics);
  context.set_framing(LengthPrefixFraming{1});
  const auto node =
      parse_json("s", R"([{"frame": "ab"}, {"frame": ["c", {"frame": "d"}], "framing": "line"}])",
                 diagnostics);
  const Scope scope;
  const auto payload = PayloadReader(Encoding::kUtf8, scope, context).payload(*node);
  ASSERT_NE(payload.constant(), nullptr);
  EXPECT_EQ(to_hex(*payload.constant()), "02 61 62 63 01 64 0a");
}

TEST(FramePayloadTest, IsMadeOfWhatTheRunKnows) {
  Diagnostics diagnostics;
  LoadContext context("s", {}, diagnostics);
  context.set_framing(LengthPrefixFraming{1});
  const auto node = parse_json("s", R"({"frame": "id=${id}"})", diagnostics);
  Scope scope;
  scope.define_variable("id");
  const auto payload = PayloadReader(Encoding::kUtf8, scope, context).payload(*node);
  EXPECT_EQ(payload.constant(), nullptr);
  const auto octets = payload.bytes({{"id", "17"}});
  EXPECT_EQ(to_hex(std::get<Bytes>(octets)), "05 69 64 3d 31 37");
  const auto none = payload.bytes({{"id", std::string(300, '1')}});
  EXPECT_THAT(std::get<Payload::Unavailable>(none).reason, HasSubstr("303 octets"));
}

TEST(FramePayloadTest, MistakesAreShown) {
  EXPECT_EQ(mistakes_of(R"({"frame": "a"})", false, std::nullopt),
            "s:1:1: the profile gives no 'framing'\n  hint: the profile's \"framing\": \"line\", "
            "or one given here\n");
  EXPECT_EQ(mistakes_of(R"({"frame": "a\nb"})", false),
            "s:1:1: the framing cannot carry this: what ends a frame (0a) stands in it\n");
  EXPECT_EQ(mistakes_of(R"({"frame": "ab", "framing": {"fixed": 3}})", false),
            "s:1:1: the framing cannot carry this: 2 octets in place of 3\n");
  EXPECT_THAT(mistakes_of(R"({"frame": "ab", "framng": {"fixed": 3}})", false),
              HasSubstr("unknown key 'framng' in a 'frame' payload"));
  EXPECT_EQ(mistakes_of(R"({"frame": true})", false),
            "s:1:11: a payload cannot be true or false\n  hint: text in quotes, an object such as "
            "{\"hex\": \"c4 e3\"}, or a list of these\n");
}

TEST(FrameMatcherTest, IsRead) {
  EXPECT_EQ(mistakes_of(R"({"frame": true})", true), "");
  EXPECT_EQ(mistakes_of(R"({"frame": true, "body": ""})", true), "");
  EXPECT_EQ(mistakes_of(R"({"frame": {"fixed": 4}, "body": {"regex": "x+"}})", true), "");
}

TEST(FrameMatcherTest, MistakesAreShown) {
  const std::string body_hint =
      "  hint: {\"frame\": true, \"body\": \"...\"}: any matcher may be the body's\n";
  EXPECT_EQ(mistakes_of(R"({"frame": {"hex": "00"}})", true),
            "s:1:11: 'frame' must be true or a framing, with the body beside it\n" + body_hint);
  EXPECT_EQ(mistakes_of(R"({"frame": false})", true),
            "s:1:11: 'frame' must be true or a framing, with the body beside it\n" + body_hint);
  EXPECT_EQ(mistakes_of(R"({"frame": true})", true, std::nullopt),
            "s:1:11: the profile gives no 'framing'\n  hint: the profile's \"framing\": \"line\", "
            "or one given here\n");
  EXPECT_EQ(mistakes_of(R"({"frame": true})", true, OneShotFraming{}),
            "s:1:11: the profile's framing is oneshot\n  hint: no octet says where such a frame "
            "ends\n");
  EXPECT_THAT(mistakes_of(R"({"frame": "oneshot"})", true),
              HasSubstr("s:1:11: 'oneshot': no octet"));
  EXPECT_EQ(mistakes_of(R"({"frame": true, "body": "a\n"})", true),
            "s:1:1: the framing cannot carry this: what ends a frame (0a) stands in it\n");
  EXPECT_THAT(mistakes_of(R"({"frame": true, "body": {"regex": "("}, "bdy": 1})", true),
              ::testing::AllOf(HasSubstr("bad regex"), HasSubstr("unknown key 'bdy'")));
}

}  // namespace
}  // namespace dialtone
