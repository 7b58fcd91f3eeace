#include "reports/synthetic_capture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <sstream>

#include "harness/model/printable.hpp"
#include "reports/hostile_run.hpp"
#include "reports/pcapng_blocks.hpp"
#include "reports/pcapng_reading.hpp"
#include "reports/sample_run.hpp"

namespace dialtone::pcapng {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kLocal = "127.0.0.1:40000";
const std::string kPeer = "127.0.0.1:9000";

SyntheticCapture captured(Transcript transcript) {
  const auto suite = make_suite(1);
  for (const auto* text : {R"({"connect": "c"})", R"({"send": "a"})", R"({"pause": "1s"})"})
    suite->scenarios[0].steps.push_back(
        {.spec = nullptr, .step = nullptr, .text = text, .where = {}});
  auto result = make_result(suite, 0, Verdict::kPass);
  result.transcript = std::move(transcript);
  return synthesize(result);
}

std::vector<std::string> packets(const SyntheticCapture& capture) {
  std::ostringstream out;
  for (const auto& packet : capture.packets)
    write_packet(out, {.inbound = packet.inbound, .octets = packet.octets});
  return summary(out.str());
}

/// Of all packets, a line each, and then the notes.
std::string texts(const SyntheticCapture& capture) {
  std::string all;
  for (const auto& packet : capture.packets)
    for (const auto& comment : packet.comments) all += comment + "\n";
  for (const auto& note : capture.notes) all += note + "\n";
  return all;
}

Event event(EventKind kind, int step = 0, std::string connection = "c") {
  return {milliseconds(5), step, std::move(connection), std::move(kind)};
}

Event failed_connect(ConnectOutcome outcome, int error, std::string reason = {}) {
  return event(ConnectFailed{kPeer, outcome, error, std::move(reason)});
}

TEST(SyntheticCaptureTest, AConversationHasAllItsPackets) {
  const auto capture =
      captured({event(Connected{kLocal, kPeer}), event(Sent{"ping"}, 1), event(Received{"po"}, 1),
                event(Received{"ng"}, 1), event(PeerEnded{Ending::kFin}, 1),
                event(WeEnded{WeEnded::How::kClose}, 1)});
  EXPECT_THAT(packets(capture),
              ElementsAre("out S 1000 0 ''", "in SA 500001000 1001 ''", "out A 1001 500001001 ''",
                          "out PA 1001 500001001 'ping'", "in PA 500001001 1005 'po'",
                          "in PA 500001003 1005 'ng'", "in FA 500001005 1005 ''",
                          "out FA 1005 500001006 ''"));
}

TEST(SyntheticCaptureTest, AStepIsACommentOfItsFirstPacket) {
  const auto capture = captured({event(Connected{kLocal, kPeer}), event(Sent{"a"}, 1),
                                 event(Received{"b"}, 1), event(Noted{"waited"}, 2)});
  EXPECT_THAT(capture.packets[0].comments,
              ElementsAre(R"(step 1: {"connect": "c"})", HasSubstr("connected")));
  EXPECT_THAT(capture.packets[3].comments, ElementsAre(R"(step 2: {"send": "a"})"));
  EXPECT_THAT(capture.packets[4].comments, ElementsAre(R"(afterwards: step 3: {"pause": "1s"})",
                                                       "afterwards: T+5.00 ms c: waited"));
  EXPECT_EQ(capture.packets[3].at, milliseconds(5));
}

TEST(SyntheticCaptureTest, ARefusedConnectIsASynAndARst) {
  EXPECT_THAT(packets(captured({failed_connect(ConnectOutcome::kRefused, ECONNREFUSED)})),
              ElementsAre("out S 1000 0 ''", "in RA 0 1001 ''"));
}

TEST(SyntheticCaptureTest, WhatIcmpAnsweredOrNobodyIsASynAlone) {
  for (const auto& failed :
       {failed_connect(ConnectOutcome::kTimeout, 0),
        failed_connect(ConnectOutcome::kRefused, ECONNREFUSED, "ICMP port unreachable from ::1"),
        failed_connect(ConnectOutcome::kUnreachable, EHOSTUNREACH, "ICMP host unreachable")}) {
    const auto capture = captured({failed});
    EXPECT_THAT(packets(capture), ElementsAre("out S 1000 0 ''"));
    EXPECT_THAT(texts(capture), HasSubstr("our address and port are made up"));
  }
}

TEST(SyntheticCaptureTest, WhereNothingLeftThereIsNothing) {
  const auto capture = captured(
      {failed_connect(ConnectOutcome::kUnreachable, ENETUNREACH, "no route on this host")});
  EXPECT_THAT(capture.packets, IsEmpty());
  EXPECT_THAT(texts(capture), HasSubstr("no route on this host"));
}

TEST(SyntheticCaptureTest, AResetOfTheHandshakeComesAfterIt) {
  EXPECT_THAT(packets(captured({failed_connect(ConnectOutcome::kReset, ECONNRESET)})),
              ElementsAre("out S 1000 0 ''", "in SA 500001000 1001 ''", "out A 1001 500001001 ''",
                          "in RA 500001001 1001 ''"));
}

TEST(SyntheticCaptureTest, ATlsHandshakeThatFailedIsNoSecondConnect) {
  const auto capture =
      captured({event(Connected{kLocal, kPeer}),
                failed_connect(ConnectOutcome::kTlsFailed, 0, "the certificate has expired")});
  EXPECT_EQ(capture.packets.size(), 3U);
  EXPECT_THAT(texts(capture), HasSubstr("the certificate has expired"));
}

TEST(SyntheticCaptureTest, ResetsComeFromWhoReset) {
  EXPECT_THAT(packets(captured({event(Connected{kLocal, kPeer}), event(PeerEnded{Ending::kFin}),
                                event(PeerEnded{.ending = Ending::kReset, .after_fin = true}),
                                event(WeEnded{WeEnded::How::kClose})}))
                  .back(),
              "in RA 500001002 1001 ''");
  EXPECT_THAT(
      packets(captured({event(Connected{kLocal, kPeer}), event(WeEnded{WeEnded::How::kReset})}))
          .back(),
      "out RA 1001 500001001 ''");
}

TEST(SyntheticCaptureTest, AHalfCloseIsOneFin) {
  const auto lines =
      packets(captured({event(Connected{kLocal, kPeer}), event(WeEnded{WeEnded::How::kShutdown}),
                        event(Received{"late"}), event(WeEnded{WeEnded::How::kClose})}));
  EXPECT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines.back(), "in PA 500001001 1002 'late'");
}

TEST(SyntheticCaptureTest, SilenceAndWhatTheKernelGaveUpHaveNoPackets) {
  const auto capture = captured(
      {event(Connected{kLocal, kPeer}), event(DeadlinePassed{"a reply", milliseconds(200)}),
       event(PeerEnded{Ending::kTimeout, ETIMEDOUT}), event(PeerEnded{Ending::kTlsFailed})});
  EXPECT_EQ(capture.packets.size(), 3U);
  EXPECT_THAT(texts(capture), AllOf(HasSubstr("deadline of 200ms passed, waiting for a reply"),
                                    HasSubstr("the kernel gave the peer up (ETIMEDOUT)")));
}

TEST(SyntheticCaptureTest, AConnectionThatWasAcceptedBeginsWithThePeersSyn) {
  EXPECT_THAT(
      packets(captured({event(Listening{kPeer, 5}), event(Accepted{kPeer, kLocal}),
                        event(WeEnded{WeEnded::How::kClose}, 0, "listener")})),
      ElementsAre("in S 500001000 0 ''", "out SA 1000 500001001 ''", "in A 500001001 1001 ''"));
}

TEST(SyntheticCaptureTest, ConnectionsSideBySideHaveNumbersOfTheirOwn) {
  const auto lines = packets(
      captured({event(Connected{kLocal, kPeer}, 0, "a"),
                event(Connected{"127.0.0.1:40001", kPeer}, 0, "b"), event(Sent{"x"}, 0, "a"),
                event(Sent{"y"}, 0, "b"), event(Connected{kLocal, kPeer}, 0, "a")}));
  EXPECT_EQ(lines[6], "out PA 1001 500001001 'x'");
  EXPECT_EQ(lines[7], "out PA 104730001 604730001 'y'");
  EXPECT_EQ(lines[8], "out S 209459000 0 ''");
}

TEST(SyntheticCaptureTest, AConnectionWhoseEndsAreBothOursStandsThereOnce) {
  const auto capture =
      captured({event(Connected{kLocal, kPeer}, 0, "a"), event(Accepted{kPeer, kLocal}, 0, "b"),
                event(Sent{"x"}, 0, "a"), event(Received{"x"}, 0, "b")});
  EXPECT_EQ(capture.packets.size(), 4U);
  EXPECT_THAT(texts(capture),
              HasSubstr("b: accepted 127.0.0.1:40000 on 127.0.0.1:9000; the other"));
}

TEST(SyntheticCaptureTest, DatagramsAreDatagrams) {
  const Carriage path{.tls = false, .datagram = {{"0.0.0.0:5000", "127.0.0.1:53"}}};
  const auto capture = captured({event(Sent{"ping", path}), event(Received{"", path})});
  EXPECT_THAT(packets(capture), ElementsAre("out udp 'ping'", "in udp ''"));
  const auto sent = read_packet(capture.packets[0].octets);
  EXPECT_EQ(to_hex(sent.from), "7f 00 00 01");
  EXPECT_EQ(sent.from_port, 5000);
  EXPECT_EQ(sent.to_port, 53);
}

TEST(SyntheticCaptureTest, TlsIsSaidToBePlainText) {
  const auto capture =
      captured({event(Connected{kLocal, kPeer}), event(Sent{"a", {.tls = true, .datagram = {}}})});
  EXPECT_THAT(capture.packets.back().comments, ElementsAre(HasSubstr("TLS: the octets are")));
}

TEST(SyntheticCaptureTest, AUnixSocketHasNotesInPlaceOfPackets) {
  const auto capture = captured({event(Connected{"unix:", "unix:/run/a.sock"}), event(Sent{"abc"}),
                                 event(PeerEnded{Ending::kFin})});
  EXPECT_THAT(capture.packets, IsEmpty());
  EXPECT_THAT(texts(capture), AllOf(HasSubstr("a Unix socket has no packets"),
                                    HasSubstr("c: sent 3 octets; no packet of TCP shows them"),
                                    HasSubstr("c: peer ended with FIN")));
}

TEST(SyntheticCaptureTest, CommentsAreNotWithoutLimit) {
  Transcript transcript(5000, event(Noted{Bytes(5000, 'n')}));
  transcript.push_back(event(Connected{kLocal, kPeer}));
  const auto capture = captured(std::move(transcript));
  EXPECT_EQ(capture.packets[0].comments.size(), 101U);
  EXPECT_THAT(capture.packets[0].comments.back(), HasSubstr("more comments left out"));
  for (const auto& comment : capture.packets[0].comments) EXPECT_LE(comment.size(), 1000U);
}

TEST(SyntheticCaptureTest, NothingThatATranscriptHoldsBreaksIt) {
  const auto run = hostile_run();
  for (const auto& result : run.results) {
    auto twice = result;
    twice.transcript.insert(twice.transcript.begin(), event(Connected{kLocal, kPeer}));
    twice.transcript.front().connection = twice.transcript.back().connection;
    // A connection that goes on after its end, and steps that there are not.
    twice.transcript.insert(twice.transcript.end(), result.transcript.begin(),
                            result.transcript.end());
    for (auto& again : twice.transcript) again.step -= 1;
    for (const auto& capture : {synthesize(result), synthesize(twice)}) {
      EXPECT_NO_THROW(packets(capture));
      const auto all = texts(capture);
      EXPECT_EQ(all, printable(all, {.keep_lines = true}));
      EXPECT_THAT(all, Not(HasSubstr("\x1b")));
    }
  }
}

}  // namespace
}  // namespace dialtone::pcapng
