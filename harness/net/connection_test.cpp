#include "harness/net/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <thread>

#include "harness/net/flood_guard.hpp"
#include "harness/net/loop_test_support.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::VariantWith;

class ConnectionTest : public LoopTest {
 protected:
  ConnectionTest()
      : connection(std::make_unique<Connection>(loop, recorder, "c", std::move(pair.ours),
                                                SocketAddress(), SocketAddress())) {
    connection->learn_local();
  }

  Arrival next(Duration budget = hours(1)) { return get(connection->arrival(in(budget))); }

  std::vector<Ending> recorded() const {
    std::vector<Ending> endings;
    for (const auto& event : recorder.transcript()) {
      if (const auto* ended = std::get_if<PeerEnded>(&event.kind)) endings.push_back(ended->ending);
    }
    return endings;
  }

  /// "FIN" or "RST", as the peer sees it, after any octets.
  std::string end_at_peer() const {
    char room[4096];
    ssize_t size = 0;
    while ((size = ::recv(pair.theirs.get(), room, sizeof room, 0)) > 0) continue;
    return size == 0 ? "FIN" : "RST";
  }

  void await_readable() const {
    pollfd watched{.fd = connection->fd(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&watched, 1, 30'000), 1);
  }

  TcpPair pair;
  Recorder recorder;
  std::unique_ptr<Connection> connection;
};

TEST_F(ConnectionTest, OctetsAreKeptUntilTheyAreConsumed) {
  pair.say("ab");
  EXPECT_THAT(next(), VariantWith<DataArrived>(::testing::_));
  pair.say("cd");
  EXPECT_THAT(next(), VariantWith<DataArrived>(::testing::_));
  EXPECT_EQ(connection->received(), "abcd");
}

TEST_F(ConnectionTest, FinResetAndSilenceAreToldApart) {
  auto silence = next(milliseconds(10));
  while (std::holds_alternative<HarnessStalled>(silence))
    silence = next(milliseconds(10));  // a busy machine
  EXPECT_THAT(silence, VariantWith<TimedOut>(::testing::_));
  pair.theirs.reset();
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kFin));
  EXPECT_THAT(recorded(), ElementsAre(Ending::kFin));
}

TEST_F(ConnectionTest, WhatAnEarlierWaitReadIsNoFloodBehindThisDeadline) {
  for (int reads = 0; reads < 200; ++reads) {
    pair.say("x");
    await_readable();
    ASSERT_THAT(next(), VariantWith<DataArrived>(::testing::_));
  }
  pair.theirs.reset();
  await_readable();
  EXPECT_THAT(next(Duration::zero()), VariantWith<Ending>(Ending::kFin));
}

TEST_F(ConnectionTest, AResetIsNoFin) {
  pair.reset();
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
  EXPECT_THAT(recorded(), ElementsAre(Ending::kReset));
}

TEST_F(ConnectionTest, TheFirstEndingStays) {
  pair.reset();
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
  EXPECT_THAT(connection->arrived(), ::testing::Optional(VariantWith<Ending>(Ending::kReset)));
  EXPECT_THAT(recorded(), ElementsAre(Ending::kReset));
}

TEST_F(ConnectionTest, OctetsBeforeAResetAreStillRead) {
  pair.say("last words");
  pair.reset();
  EXPECT_THAT(next(), VariantWith<DataArrived>(::testing::_));
  EXPECT_EQ(connection->received(), "last words");
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
}

TEST_F(ConnectionTest, AStallPastTheDeadlineIsNoTimeOut) {
  stall(milliseconds(400));
  EXPECT_THAT(next(milliseconds(100)), VariantWith<HarnessStalled>(::testing::_));
}

TEST_F(ConnectionTest, WhatCameInAStallHasCome) {
  then([this] {
    pair.say("x");
    ::usleep(400'000);
  });
  EXPECT_THAT(next(milliseconds(100)), VariantWith<DataArrived>(::testing::_));
}

TEST_F(ConnectionTest, WhatCameInAStallBeforeTheDeadlineIsNotLate) {
  const auto deadline = in(milliseconds(100));
  then([this] {
    pair.say("x");
    ::usleep(400'000);
  });
  get(connection->arrival(deadline));
  EXPECT_FALSE(connection->came_late(deadline));
}

TEST_F(ConnectionTest, WhatCameInAStallBehindTheDeadlineIsLate) {
  const auto deadline = in(milliseconds(100));
  then([this] {
    ::usleep(300'000);
    pair.say("x");
    ::usleep(100'000);
  });
  EXPECT_THAT(get(connection->arrival(deadline)), VariantWith<DataArrived>(::testing::_));
  EXPECT_TRUE(connection->came_late(deadline));
}

TEST_F(ConnectionTest, AFinInAStallBeforeTheDeadlineIsOne) {
  const auto deadline = in(milliseconds(100));
  then([this] {
    ::shutdown(pair.theirs.get(), SHUT_WR);
    ::usleep(400'000);
  });
  EXPECT_THAT(get(connection->arrival(deadline)), VariantWith<Ending>(Ending::kFin));
}

TEST_F(ConnectionTest, AFinInAStallBehindTheDeadlineGivesNoVerdict) {
  const auto deadline = in(milliseconds(100));
  then([this] {
    ::usleep(300'000);
    ::shutdown(pair.theirs.get(), SHUT_WR);
    ::usleep(100'000);
  });
  EXPECT_THAT(get(connection->arrival(deadline)), VariantWith<HarnessStalled>(::testing::_));
}

// After a read that lets the loop breathe its octets were once lost to a deadline that passed
// meanwhile.
TEST_F(ConnectionTest, WhatWasReadHasComeThoughTheDeadlinePassed) {
  loop.scratch().resize(1);  // one octet a read
  pair.say(Bytes(2, 'x'));
  EXPECT_THAT(next(), VariantWith<DataArrived>(::testing::_));
  std::this_thread::sleep_for(2 * FloodGuard::kLongestRow);  // the next read breathes
  EXPECT_THAT(next(Duration::zero()), VariantWith<DataArrived>(::testing::_));
  EXPECT_EQ(connection->received().size(), 2U);
}

TEST_F(ConnectionTest, APeerThatNeverPausesDoesNotOutliveTheDeadline) {
  loop.scratch().resize(1);
  pair.say(Bytes(1000, 'x'));
  auto arrival = next();
  const auto deadline = in(Duration::zero());
  for (int i = 0; i < 2 * FloodGuard::kLateReads && std::holds_alternative<DataArrived>(arrival);
       ++i) {
    arrival = get(connection->arrival(deadline));
  }
  EXPECT_FALSE(std::holds_alternative<DataArrived>(arrival));
}

TEST_F(ConnectionTest, APeerThatNeverPausesDoesNotKeepTheLoopFromOthers) {
  loop.scratch().resize(1);
  pair.say(Bytes(200, 'x'));
  bool others_ran = false;
  const auto read_on = [&]() -> Task<> {
    co_await connection->arrival(in(hours(1)));
    asio::post(loop.executor(), [&] { others_ran = true; });
    for (int i = 0; i < 100; ++i) co_await connection->arrival(in(hours(1)));
  };
  run(read_on());
  EXPECT_TRUE(others_ran);
}

TEST_F(ConnectionTest, ADrainOfAPeerThatNeverPausesEnds) {
  loop.scratch().resize(1);
  pair.say(Bytes(1000, 'x'));
  await_readable();
  connection->drain();
  EXPECT_GT(connection->received().size(), 0U);
  EXPECT_LT(connection->received().size(), 1000U);
}

TEST_F(ConnectionTest, ThatNoMoreIsKeptIsOurOwnTrouble) {
  connection->received().assign(Connection::kMostUnread, 'x');
  pair.say("x");
  EXPECT_THAT(next(), VariantWith<LocalTrouble>(Field(&LocalTrouble::error, ENOBUFS)));
  EXPECT_EQ(connection->received().size(), Connection::kMostUnread);
}

TEST_F(ConnectionTest, ASendToAPeerOfWhomNoMoreIsKeptBlamesItForNothing) {
  connection->received().assign(Connection::kMostUnread, 'x');
  const Bytes much(std::size_t{64} * 1024, 'x');
  while (::send(connection->fd(), much.data(), much.size(), MSG_DONTWAIT) > 0) continue;
  EXPECT_THAT(get(connection->send("y", in(hours(1)))),
              VariantWith<LocalTrouble>(Field(&LocalTrouble::error, ENOBUFS)));
}

// The peer made room while the harness stood still: that is neither a time-out nor a stall.
TEST_F(ConnectionTest, ASendTriesOnceMoreAtItsDeadline) {
  const Bytes much(std::size_t{64} * 1024, 'x');
  while (::send(connection->fd(), much.data(), much.size(), MSG_DONTWAIT) > 0) continue;
  then([this] {
    char room[4096];
    while (::recv(pair.theirs.get(), room, sizeof room, MSG_DONTWAIT) > 0) continue;
    ::usleep(400'000);
    while (::recv(pair.theirs.get(), room, sizeof room, MSG_DONTWAIT) > 0) continue;
  });
  EXPECT_THAT(get(connection->send("y", in(milliseconds(100)))),
              VariantWith<AllSent>(::testing::_));
}

TEST_F(ConnectionTest, ACloseAfterUnreadOctetsIsFin) {
  pair.say("unread");
  await_readable();
  connection->close();
  EXPECT_EQ(end_at_peer(), "FIN");
}

TEST_F(ConnectionTest, AResetIsRst) {
  connection->reset();
  EXPECT_EQ(end_at_peer(), "RST");
}

TEST_F(ConnectionTest, AShutdownIsFinAndThePeerGoesOn) {
  EXPECT_EQ(connection->shutdown(), 0);
  EXPECT_EQ(end_at_peer(), "FIN");
  pair.say("x");
  EXPECT_THAT(next(), VariantWith<DataArrived>(::testing::_));
}

TEST_F(ConnectionTest, WhatIsAbandonedBeforeThePeerEndedGetsFin) {
  connection->abandon();
  EXPECT_EQ(end_at_peer(), "FIN");
}

TEST_F(ConnectionTest, WhatIsAbandonedAfterThePeersHalfCloseGetsRst) {
  ::shutdown(pair.theirs.get(), SHUT_WR);
  await_readable();
  connection->abandon();
  EXPECT_EQ(end_at_peer(), "RST");
}

TEST_F(ConnectionTest, SendToAPeerThatWasResetIsPeerGone) {
  pair.reset();
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
  const auto delivery = get(connection->send("x", in(hours(1))));
  ASSERT_TRUE(std::holds_alternative<PeerGone>(delivery));
  EXPECT_EQ(std::get<PeerGone>(delivery).error, EPIPE);
}

// The kernel tells of a reset once, and then recv returns 0.
TEST_F(ConnectionTest, AResetThatSendMetIsNoFinAfterwards) {
  pair.reset();
  await_readable();
  const auto delivery = get(connection->send("x", in(hours(1))));
  ASSERT_TRUE(std::holds_alternative<PeerGone>(delivery));
  EXPECT_EQ(std::get<PeerGone>(delivery).error, ECONNRESET);
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
}

TEST_F(ConnectionTest, OctetsBeforeAResetThatSendMetAreStillRead) {
  pair.say("last words");
  pair.reset();
  pollfd watched{.fd = connection->fd(), .events = POLLRDHUP, .revents = 0};
  ASSERT_EQ(::poll(&watched, 1, 30'000), 1);
  EXPECT_TRUE(std::holds_alternative<PeerGone>(get(connection->send("x", in(hours(1))))));
  EXPECT_THAT(next(), VariantWith<DataArrived>(::testing::_));
  EXPECT_EQ(connection->received(), "last words");
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
}

TEST_F(ConnectionTest, APeerThatTakesNothingTimesOut) {
  const Bytes much(std::size_t{24} * 1000 * 1000, 'x');
  auto delivery = get(connection->send(much, in(milliseconds(100))));
  while (std::holds_alternative<HarnessStalled>(delivery)) {  // a busy machine
    delivery = get(connection->send(much, in(milliseconds(100))));
  }
  EXPECT_TRUE(std::holds_alternative<TimedOut>(delivery));
}

TEST_F(ConnectionTest, ASendThatTheHarnessStalledInIsNoTimeOut) {
  const Bytes much(std::size_t{24} * 1000 * 1000, 'x');
  stall(milliseconds(400));
  EXPECT_TRUE(
      std::holds_alternative<HarnessStalled>(get(connection->send(much, in(milliseconds(100))))));
}

TEST_F(ConnectionTest, TheSecondSendIsNotHeldBack) {
  const auto no_delay = [this] {
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt(connection->fd(), IPPROTO_TCP, TCP_NODELAY, &value, &size);
    return value;
  };
  get(connection->send("a", in(hours(1))));
  EXPECT_EQ(no_delay(), 0);  // one call less for a conversation with one request
  get(connection->send("b", in(hours(1))));
  EXPECT_NE(no_delay(), 0);
}

TEST_F(ConnectionTest, AfterItsRestIsIgnoredOctetsCanStillBeExpected) {
  connection->ignore_rest();
  pair.say("abc");
  EXPECT_THAT(next(), VariantWith<DataArrived>(::testing::_));
  EXPECT_EQ(connection->received(), "abc");
  EXPECT_EQ(payload_of(recorder.transcript().back().kind), "abc");
}

}  // namespace
}  // namespace dialtone
