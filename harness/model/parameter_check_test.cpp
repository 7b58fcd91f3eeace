#include "harness/model/parameter_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "harness/model/parameter_reader.hpp"

namespace dialtone {
namespace {

using ::testing::StrEq;

/// The mistakes in parameters that stand alone in a file.
std::string mistakes_of(const std::string& parameters) {
  Diagnostics diagnostics;
  LoadContext context("p.json", {}, diagnostics);
  const auto root = parse_json("p.json", parameters, diagnostics);
  read_parameters(&root.value(), Encoding::kUtf8, context);
  std::string shown;
  for (const auto& diagnostic : diagnostics) shown += render(diagnostic);
  return shown;
}

struct Case {
  const char* name;
  const char* parameters;
  const char* shown;
};

class ParameterCheck : public ::testing::TestWithParam<Case> {};

TEST_P(ParameterCheck, TellsWhatWouldCheckNothing) {
  EXPECT_THAT(mistakes_of(GetParam().parameters), StrEq(GetParam().shown));
}

constexpr auto kFitsBuffers =
    "  hint: a smaller one fits into the kernel's buffers, so that the server would never have to "
    "wait for its client\n";
constexpr auto kMustDiffer =
    "  hint: the two must differ: else a reply that went to another client, or came in another "
    "order, would not be seen\n";
constexpr auto kStillOpen =
    "  hint: silence is watched for so long on connections that must still be open then\n";

const std::string kSmall =
    std::string("p.json:1:15: 'big_reply' has 11 octets, but 8000000 are needed at least\n") +
    kFitsBuffers;
const std::string kJustTooSmall =
    std::string("p.json:1:15: 'big_reply' has 7999999 octets, but 8000000 are needed at least\n") +
    kFitsBuffers;
const std::string kSameReply =
    std::string("p.json:1:32: 'second_reply' is the same as 'reply'\n") + kMustDiffer;
const std::string kSameRegex =
    std::string("p.json:1:43: 'second_reply' is the same as 'reply'\n") + kMustDiffer;
const std::string kSameRequest =
    std::string("p.json:1:36: 'second_request' is the same as 'request'\n") + kMustDiffer;
const std::string kSameDatagram =
    std::string("p.json:1:50: 'datagram_second_reply' is the same as 'datagram_reply'\n") +
    kMustDiffer;
const std::string kLongQuiet =
    std::string(
        "p.json:1:34: 'quiet' is 600ms, but must be shorter than 'idle_limit', which is 300ms\n") +
    kStillOpen;
const std::string kUsualQuiet =
    std::string(
        "p.json:1:16: 'quiet' is 200ms, but must be shorter than 'slow_limit', which is 200ms\n") +
    kStillOpen;

INSTANTIATE_TEST_SUITE_P(
    All, ParameterCheck,
    ::testing::Values(
        Case{"SmallReply", R"({"big_reply": ["xxxxxxxxxx", {"hex": "0a"}]})", kSmall.c_str()},
        Case{"SmallLength", R"({"big_reply": {"length": 7999999}})", kJustTooSmall.c_str()},
        Case{"SmallSequence",
             R"({"big_reply": {"sequence": [{"repeat": "x", "times": 7999990}, {"length": 9}]}})",
             kJustTooSmall.c_str()},
        Case{"SmallFrame",
             R"({"big_reply": {"frame": "line", "body": {"repeat": "x", "times": 7999999}}})",
             kJustTooSmall.c_str()},
        Case{"LargeEnough", R"({"big_reply": {"repeat": "x", "times": 8000000}})", ""},
        Case{"OfOpenSize", R"({"big_reply": {"sequence": [{"until": "\n"}, "x"]}})", ""},
        Case{"AShortLongDatagram", R"({"datagram_long_request": {"repeat": "x", "times": 1024}})",
             "p.json:1:27: 'datagram_long_request' has 1024 octets, but 1025 are needed at least\n"
             "  hint: a recv of 1024 octets, which is what many programs call, takes that whole\n"},
        Case{"ALongDatagram", R"({"datagram_long_request": {"repeat": "x", "times": 1025}})", ""},
        Case{"SameReply", R"({"reply": "a", "second_reply": "a"})", kSameReply.c_str()},
        Case{"SameRegex", R"({"reply": {"regex": "a"}, "second_reply": {"regex": "a"}})",
             kSameRegex.c_str()},
        Case{"OtherRegex", R"({"reply": {"regex": "a"}, "second_reply": {"regex": "b"}})", ""},
        Case{"OtherFrame", R"({"reply": {"frame": "line", "body": "a"},
                               "second_reply": {"frame": "line", "body": "b"}})",
             ""},
        Case{"SameRequest", R"({"request": "a", "second_request": "a"})", kSameRequest.c_str()},
        Case{"OnlyTheRunKnows",
             R"({"request": "${target.port}", "second_request": "${target.port}"})", ""},
        Case{"SameDatagram", R"({"datagram_reply": "a", "datagram_second_reply": "a"})",
             kSameDatagram.c_str()},
        Case{"QuietOutlastsTheIdleLimit", R"({"idle_limit": "300ms", "quiet": "600ms"})",
             kLongQuiet.c_str()},
        Case{"UsualQuietOutlastsTheSlowLimit", R"({"slow_limit": "200ms"})", kUsualQuiet.c_str()},
        Case{"TimeoutBeforeTheReply", R"({"reply_within": "2s", "step_timeout": "1s"})",
             "p.json:1:40: 'step_timeout' is 1s, but a reply may take 2s ('reply_within')\n  hint: "
             "a "
             "longer one, or none\n"},
        Case{"TimeoutBeforeTheUsualReply", R"({"step_timeout": "4s"})",
             "p.json:1:18: 'step_timeout' is 4s, but a reply may take 5s ('reply_within')\n  hint: "
             "a "
             "longer one, or none\n"},
        Case{"LongTimeout", R"({"reply_within": "2s", "step_timeout": "3s"})", ""},
        Case{"ShortQuiet", R"({"idle_limit": "300ms", "quiet": "299ms"})", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

/// What 'quiet' is for a server on another host; "" where it has its usual fallback.
std::string quiet_far_away(Variables given, const Variables& variables = {}) {
  Parameters parameters;
  parameters.scalars = std::move(given);
  add_remote_fallbacks(parameters, variables);
  return parameters.scalars["quiet"];
}

TEST(RemoteFallbackTest, SilenceOnAnotherHostIsWatchedLonger) {
  EXPECT_EQ(quiet_far_away({}), "500ms");
  EXPECT_EQ(quiet_far_away({{"quiet", "300ms"}}), "300ms");
}

TEST(RemoteFallbackTest, NotUntilALimitOfTheServersHasPassed) {
  EXPECT_EQ(quiet_far_away({{"idle_limit", "400ms"}}), "");
  EXPECT_EQ(quiet_far_away({{"slow_limit", "500ms"}}), "");
  EXPECT_EQ(quiet_far_away({}, {{"idle_limit", "400ms"}}), "");
  EXPECT_EQ(quiet_far_away({{"idle_limit", "400ms"}}, {{"idle_limit", "4s"}}), "500ms");
  EXPECT_EQ(quiet_far_away({{"idle_limit", "501ms"}, {"slow_limit", "2s"}}), "500ms");
}

}  // namespace
}  // namespace dialtone
