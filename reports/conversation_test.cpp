#include "reports/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace dialtone {
namespace {

using std::chrono::microseconds;

std::string rendered(const EventKind& kind, ConversationOptions options = {}) {
  return plain_text(render_conversation({{microseconds(310), 0, "c", kind}}, options));
}

TEST(ConversationTest, ArrowsTellWhichWayOctetsWent) {
  EXPECT_EQ(rendered(Sent{"hi"}), "T+0.31 ms   -> c  2 octets  68 69  \"hi\"\n");
  EXPECT_EQ(rendered(Received{"h"}), "T+0.31 ms   <- c  1 octet  68  \"h\"\n");
}

TEST(ConversationTest, TextIsReadInTheEncodingOfTheScenario) {
  EXPECT_EQ(rendered(Sent{"\xc4\xe3"}, {.encoding = Encoding::kGbk}),
            "T+0.31 ms   -> c  2 octets  c4 e3  \"你\"\n");
}

TEST(ConversationTest, AnEmptyDatagramHasNoOctetsToShow) {
  EXPECT_EQ(rendered(Sent{""}), "T+0.31 ms   -> c  0 octets\n");
}

TEST(ConversationTest, EndingsAreNamedAndPointTheirWay) {
  EXPECT_EQ(rendered(PeerEnded{Ending::kFin}), "T+0.31 ms   <- c  FIN\n");
  EXPECT_EQ(rendered(PeerEnded{Ending::kReset}), "T+0.31 ms   <- c  RST\n");
  EXPECT_EQ(rendered(PeerEnded{.ending = Ending::kReset, .after_fin = true}),
            "T+0.31 ms   <- c  RST after its FIN (FIN, later reset)\n");
  EXPECT_EQ(rendered(PeerEnded{.ending = Ending::kTimeout, .error = EHOSTUNREACH}),
            "T+0.31 ms   <- c  given up by the kernel (EHOSTUNREACH)\n");
  EXPECT_EQ(rendered(WeEnded{WeEnded::How::kShutdown}), "T+0.31 ms   -> c  FIN (shutdown)\n");
  EXPECT_EQ(rendered(WeEnded{WeEnded::How::kClose}), "T+0.31 ms   -> c  close\n");
  EXPECT_EQ(rendered(WeEnded{WeEnded::How::kReset}), "T+0.31 ms   -> c  RST\n");
}

TEST(ConversationTest, WhatDidNotTravelIsDescribed) {
  EXPECT_EQ(rendered(Noted{"close_listener"}), "T+0.31 ms   -- c  close_listener\n");
}

TEST(ConversationTest, ALongPayloadIsCutAndCounted) {
  const auto text = rendered(Received{Bytes(1217, 'x')}, {.octets = 2});
  EXPECT_EQ(text, "T+0.31 ms   <- c  1217 octets  78 78  \"xx\" (1215 more)\n");
}

TEST(ConversationTest, NamesStandInOneColumn) {
  const Transcript transcript{{{}, 0, "a", Noted{"x"}}, {{}, 0, "long", Noted{"y"}}};
  EXPECT_EQ(plain_text(render_conversation(transcript, {})),
            "T+0.00 ms   -- a     x\n"
            "T+0.00 ms   -- long  y\n");
}

TEST(ConversationTest, HostileOctetsAreEscaped) {
  EXPECT_THAT(rendered(Received{"\x1b[2J\n"}), testing::HasSubstr("\"\\x1b[2J\\n\"\n"));
  EXPECT_THAT(rendered(Noted{"a\x1b\nb"}), testing::HasSubstr("a\\x1b\\nb\n"));
}

TEST(ConversationTest, OfTooManyEventsTheFirstAndTheLastAreShown) {
  Transcript transcript;
  for (int i = 0; i < 100; ++i) transcript.push_back({{}, 0, "", Noted{std::to_string(i)}});
  const auto lines = render_conversation(transcript, {.events = 8});
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_THAT(lines[1].text, testing::EndsWith(" 1"));
  EXPECT_EQ(lines[2].text, "[... 92 events left out ...]");
  EXPECT_THAT(lines[3].text, testing::EndsWith(" 94"));
  EXPECT_THAT(lines[8].text, testing::EndsWith(" 99"));
}

}  // namespace
}  // namespace dialtone
