#include "harness/model/event.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(DescribeEventTest, CountsOctetsInBothDirections) {
  EXPECT_EQ(describe(Sent{"1234567"}), "sent 7 octets");
  EXPECT_EQ(describe(Received{"1"}), "received 1 octet");
  EXPECT_EQ(describe(Received{""}), "received 0 octets");
}

TEST(DescribeEventTest, NamesBothSidesOfAConnection) {
  EXPECT_EQ(describe(Connected{"127.0.0.1:40000", "127.0.0.1:9000"}),
            "connected 127.0.0.1:40000 to 127.0.0.1:9000");
  EXPECT_EQ(describe(Accepted{"127.0.0.1:9000", "127.0.0.1:40000"}),
            "accepted 127.0.0.1:40000 on 127.0.0.1:9000");
  EXPECT_EQ(describe(Listening{"127.0.0.1:9000", 16}), "listening on 127.0.0.1:9000, backlog 16");
}

TEST(DescribeEventTest, AFailedConnectSaysWhoEndedIt) {
  EXPECT_EQ(describe(ConnectFailed{"127.0.0.1:1", ConnectOutcome::kRefused, ECONNREFUSED}),
            "connect to 127.0.0.1:1: refused (ECONNREFUSED)");
  EXPECT_EQ(describe(ConnectFailed{"127.0.0.1:1", ConnectOutcome::kTimeout, ETIMEDOUT}),
            "connect to 127.0.0.1:1: timeout (ETIMEDOUT)");
  EXPECT_EQ(describe(ConnectFailed{"127.0.0.1:1", ConnectOutcome::kTimeout, 0}),
            "connect to 127.0.0.1:1: timeout (no answer)");
  EXPECT_EQ(describe(ConnectFailed{"10.0.0.2:1", ConnectOutcome::kRefused, ECONNREFUSED,
                                   "ICMP port unreachable from 10.0.0.2"}),
            "connect to 10.0.0.2:1: refused (ECONNREFUSED, ICMP port unreachable from 10.0.0.2)");
  EXPECT_EQ(describe(ConnectFailed{"127.0.0.1:1", ConnectOutcome::kTlsFailed, 0, "expired"}),
            "connect to 127.0.0.1:1: tls_failed (expired)");
}

TEST(DescribeEventTest, EndingsOfThePeerStayApart) {
  EXPECT_EQ(describe(PeerEnded{Ending::kFin}), "peer ended with FIN");
  EXPECT_EQ(describe(PeerEnded{Ending::kReset}), "peer ended with RST (ECONNRESET)");
  EXPECT_EQ(describe(PeerEnded{Ending::kTimeout}), "the kernel gave the peer up (ETIMEDOUT)");
  EXPECT_EQ(describe(PeerEnded{.ending = Ending::kTimeout, .error = EHOSTUNREACH}),
            "the kernel gave the peer up (EHOSTUNREACH)");
  EXPECT_EQ(describe(PeerEnded{.ending = Ending::kReset, .after_fin = true}),
            "peer sent RST after its FIN (FIN, later reset)");
}

TEST(DescribeEventTest, OurOwnEndingsStayApart) {
  EXPECT_EQ(describe(WeEnded{WeEnded::How::kShutdown}), "ended our direction with FIN (shutdown)");
  EXPECT_EQ(describe(WeEnded{WeEnded::How::kClose}), "closed the connection");
  EXPECT_EQ(describe(WeEnded{WeEnded::How::kReset}), "reset the connection (RST)");
}

TEST(DescribeEventTest, ADeadlineSaysItsBudgetAndWhatItWaitedFor) {
  EXPECT_EQ(describe(DeadlinePassed{"11 octets", seconds(2)}),
            "deadline of 2s passed, waiting for 11 octets");
}

TEST(DescribeEventTest, ACallShowsWhatItReturned) {
  EXPECT_EQ(describe(Called{"recv(1024)", 11, 0}), "recv(1024) returned 11");
  EXPECT_EQ(describe(Called{"recv(1024)", -1, EAGAIN}), "recv(1024) returned -1 (EAGAIN)");
}

TEST(DescribeEventTest, ANoteIsItsText) { EXPECT_EQ(describe(Noted{"accepted a"}), "accepted a"); }

TEST(PayloadOfTest, IsTheOctetsSentOrReceivedAndNothingElse) {
  const EventKind sent = Sent{"abc"};
  const EventKind received = Received{Bytes("\0x", 2)};
  const EventKind noted = Noted{"text"};
  EXPECT_EQ(payload_of(sent), "abc");
  EXPECT_EQ(payload_of(received), ByteView("\0x", 2));
  EXPECT_EQ(payload_of(noted), "");
}

}  // namespace
}  // namespace dialtone
