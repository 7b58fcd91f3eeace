#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// A peer that sends this at once and stays.
Script saying(std::string octets) {
  return [octets = std::move(octets)](PeerSocket& peer, ScenarioLoop&) {
    peer.send(octets);
    peer.await_end();
  };
}

struct Case {
  const char* name;
  const char* said;
  const char* steps;
  const char* outcome;
};

/// Law 1: TCP may cut the stream anywhere.
class HoweverItIsCut : public ::testing::TestWithParam<Case> {};

TEST_P(HoweverItIsCut, AtOnce) {
  const auto result = run_against(saying(GetParam().said),
                                  fmt::format(R"({{"connect": "c"}}, {})", GetParam().steps));
  EXPECT_EQ(outcome_of(result), GetParam().outcome) << result.problem.message;
}

TEST_P(HoweverItIsCut, OctetByOctet) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        peer.send_octet_by_octet(GetParam().said);
        peer.await_end();
      },
      fmt::format(R"({{"connect": "c"}}, {{"send": "go"}}, {}, {{"expect_silence": "100ms"}})",
                  GetParam().steps));
  const std::string wanted = GetParam().outcome;
  EXPECT_EQ(outcome_of(result), wanted == "fail Leftover" ? "fail UnexpectedData" : wanted)
      << result.problem.message;
}

TEST_P(HoweverItIsCut, InTwoPiecesAtEveryPlace) {
  const std::string said = GetParam().said;
  for (std::size_t cut = 1; cut < said.size(); ++cut) {
    const auto result = run_against(
        [&](PeerSocket& peer, ScenarioLoop&) {
          peer.receive(2);
          peer.send(said.substr(0, cut));
          peer.await_read();
          peer.send(said.substr(cut));
          peer.await_end();
        },
        fmt::format(R"({{"connect": "c"}}, {{"send": "go"}}, {}, {{"expect_silence": "50ms"}})",
                    GetParam().steps));
    const std::string wanted = GetParam().outcome;
    EXPECT_EQ(outcome_of(result), wanted == "fail Leftover" ? "fail UnexpectedData" : wanted)
        << "cut at " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Matching, HoweverItIsCut,
    ::testing::Values(
        Case{"Exact", "abcd", R"({"expect": "abcd"})", "pass"},
        Case{"TwoExpectationsShareASegment", "abcd", R"({"expect": "ab"}, {"expect": "cd"})",
             "pass"},
        Case{"Length", "abcd", R"({"expect": {"length": 4}})", "pass"},
        Case{"Contains", "a--b", R"({"expect": {"contains": "--"}}, {"expect": "b"})", "pass"},
        Case{"Until", "key=v;", R"({"expect": {"until": "="}, "capture": "k"}, {"expect": "v;"})",
             "pass"},
        Case{"Regex", "id=17;x", R"({"expect": {"regex": "id=([0-9]+);"}}, {"expect": "x"})",
             "pass"},
        Case{"ALine", "ab\ncd", R"({"expect": {"frame": "line"}}, {"expect": "cd"})", "pass"},
        Case{
            "AFrameOfALength", "\1a\1b",
            R"({"expect": {"frame": {"length_prefix": {"octets": 1}}, "body": "a"}}, {"expect": {"hex": "01 62"}})",
            "pass"},
        Case{
            "AWrongFrame", "\2ab",
            R"({"expect": {"frame": {"length_prefix": {"octets": 1}}, "body": "a"}, "within": "10m"})",
            "fail ExpectMismatch"},
        Case{"AHostileLength", "HTTP/1.1",
             R"({"expect": {"frame": {"length_prefix": {"octets": 4}}}, "within": "10m"})",
             "fail ExpectMismatch"},
        Case{"Leftover", "abcd", R"({"expect": "abc"})", "fail Leftover"},
        Case{"Wrong", "abXd", R"({"expect": "abcd", "within": "10m"})", "fail ExpectMismatch"}),
    [](const auto& each) { return each.param.name; });

TEST(ExpectTest, AFrameThatLacksItsEndSaysHowMuchOfItCame) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send(std::string("\0\0\0\10abc", 7));
        peer.close();
      },
      R"({"connect": "c"}, {"expect": {"frame": {"length_prefix": {"octets": 4}}}})");
  ASSERT_EQ(outcome_of(result), "fail UnexpectedEof");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("expected a frame of 12 octets"), HasSubstr("7 octets had come")));
  ASSERT_TRUE(result.problem.bytes.has_value());
  EXPECT_EQ(result.problem.bytes->actual, std::string("\0\0\0\10abc", 7));
}

TEST(ExpectTest, AHostileLengthIsToldWithItsPlace) {
  const auto result = run_against(saying("Q\377\377\377\377"),
                                  R"({"connect": "c"}, {"expect": {"frame":
                                     {"length_prefix": {"octets": 4, "offset": 1}}}})");
  ASSERT_EQ(outcome_of(result), "fail ExpectMismatch");
  EXPECT_THAT(result.problem.message,
              HasSubstr("but this is no frame: its length is 4294967295, above 67108859 (offset "
                        "1)"));
}

TEST(ExpectTest, AFrameOfAllUntilEofLeavesTheEofToBeSeen) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send_octet_by_octet("abcd");
        peer.close();
      },
      R"({"connect": "c"},
         {"expect": {"frame": "until_eof", "body": {"regex": "b(.)d"}}, "capture": "x"},
         {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectTest, AResetIsNoEndOfAFrame) {
  const auto result = run_against(reset_after_go, R"({"connect": "c"}, {"send": "go"},
                                                     {"expect": {"frame": "until_eof"}})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedReset") << result.problem.message;
}

TEST(ExpectTest, AFramesBodyIsCapturedAndSentInAFrame) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send("token=17\n");
        EXPECT_EQ(to_hex(peer.receive(10)), "00 08 74 6f 6b 65 6e 3d 31 37");
        peer.send(std::string("\0\10token=17", 10));
        peer.await_end();
      },
      R"({"connect": "c"}, {"expect": {"frame": "line"}, "capture": "body"},
         {"send": {"frame": "${body}", "framing": {"length_prefix": {"octets": 2}}}},
         {"expect": {"frame": {"length_prefix": {"octets": 2}}, "body": "${body}"}})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectTest, LeftoverMayBeIgnored) {
  const auto result = run_against(saying("abcd"), R"({"connect": "c"}, {"expect": "ab"})",
                                  R"("ignore_leftover": true,)");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectTest, LeftoverShowsTheOctets) {
  const auto result = run_against(saying("abcd"), R"({"connect": "c"}, {"expect": "ab"})");
  ASSERT_EQ(outcome_of(result), "fail Leftover");
  ASSERT_TRUE(result.problem.bytes.has_value());
  EXPECT_EQ(result.problem.bytes->actual, "cd");
}

TEST(ExpectTest, WhatFollowsAPrefixIsNobodysConcern) {
  const auto result =
      run_against(saying("abcd"), R"({"connect": "c"}, {"expect": {"prefix": "ab"}})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectTest, APrefixThatIsWrongFails) {
  const auto result = run_against(
      saying("aXcd"), R"({"connect": "c"}, {"expect": {"prefix": "ab"}, "within": "10m"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

TEST(ExpectTest, AfterAPrefixAnEofIsStillSeen) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send_octet_by_octet("abcd");
        peer.close();
      },
      R"({"connect": "c"}, {"expect": {"prefix": "ab"}}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectTest, FailsAtTheFirstWrongOctetAndNotAtTheDeadline) {
  const auto result =
      run_against(saying("abX"), R"({"connect": "c"}, {"expect": "abcdef", "within": "10m"})");
  ASSERT_EQ(outcome_of(result), "fail ExpectMismatch");
  ASSERT_TRUE(result.problem.bytes.has_value());
  EXPECT_EQ(result.problem.bytes->offset, 2U);
  EXPECT_EQ(result.problem.bytes->expected, "abcdef");
  EXPECT_EQ(result.problem.bytes->actual, "abX");
}

TEST(ExpectTest, ATimeOutSaysWhatHadCome) {
  const auto result =
      run_against(saying("ab"), R"({"connect": "c"}, {"expect": "abc", "within": "250ms"})");
  ASSERT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message, HasSubstr("2 octets had come"));
  ASSERT_TRUE(result.problem.bytes.has_value());
  EXPECT_EQ(result.problem.bytes->actual, "ab");
}

struct CaptureCase {
  const char* name;
  const char* said;
  const char* matcher;
  const char* captured;
};

class Capture : public ::testing::TestWithParam<CaptureCase> {};

TEST_P(Capture, IsSentByALaterStep) {
  std::string heard;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) {
        peer.send(GetParam().said);
        heard = peer.receive(std::string(GetParam().captured).size());
        peer.await_end();
      },
      fmt::format(
          R"({{"connect": "c"}}, {{"expect": {}, "capture": "word"}}, {{"send": "${{word}}"}})",
          GetParam().matcher));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(heard, GetParam().captured);
}

INSTANTIATE_TEST_SUITE_P(
    Matchers, Capture,
    ::testing::Values(CaptureCase{"RegexGroup", "id=17;", R"({"regex": "id=([0-9]+);"})", "17"},
                      CaptureCase{"WholeRegex", "id=17;", R"({"regex": "id=[0-9]+;"})", "id=17;"},
                      CaptureCase{"Until", "key=", R"({"until": "="})", "key"},
                      CaptureCase{"Contains", "key=", R"({"contains": "="})", "key="},
                      CaptureCase{"Length", "four", R"({"length": 4})", "four"}),
    [](const auto& each) { return each.param.name; });

TEST(ExpectTest, OctetsThatCameWhileTheHarnessStalledHaveCome) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(600));
        peer.send("hi");
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect": "hi", "within": "250ms"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// A stall once made a late reply a timely one.
TEST(ExpectTest, OctetsThatCameBehindTheDeadlineOfAStalledHarnessGiveNoVerdict) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(600));
        ::usleep(400'000);
        peer.send("hi");
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect": "hi", "within": "250ms"})");
  EXPECT_EQ(outcome_of(result), "error HarnessStalled") << result.problem.message;
}

TEST(ExpectTest, AWrongReplyIsAFailureThoughTheHarnessStalled) {
  // Longer than the wait's share, and not so long that a peer might have given up.
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(300));
        peer.send("no");
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect": "hi", "within": "250ms"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

TEST(ExpectTest, AVariableOfTheRunIsExpected) {
  PeerListener listener;
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send(std::to_string(SocketAddress::peer_of(peer.fd())->port()));
        peer.await_end();
      },
      R"({"connect": "c"}, {"expect": "${c.port}"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

}  // namespace
}  // namespace dialtone
