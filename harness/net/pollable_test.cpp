#include "harness/net/pollable.hpp"

#include <gtest/gtest.h>

#include "harness/net/loop_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class PollableTest : public LoopTest {
 protected:
  TcpPair pair;
};

TEST_F(PollableTest, IsReadyOnceOctetsCame) {
  Pollable pollable(loop, std::move(pair.ours));
  pair.say("x");
  EXPECT_TRUE(get(pollable.wait(Pollable::For::kReading, Clock::now() + hours(1))));
}

TEST_F(PollableTest, IsNotReadyAtTheDeadline) {
  Pollable pollable(loop, std::move(pair.ours));
  EXPECT_FALSE(get(pollable.wait(Pollable::For::kReading, Clock::now() + milliseconds(10))));
}

TEST_F(PollableTest, CanBeWaitedForAgainAfterADeadline) {
  Pollable pollable(loop, std::move(pair.ours));
  EXPECT_FALSE(get(pollable.wait(Pollable::For::kReading, Clock::now() + milliseconds(10))));
  pair.say("x");
  EXPECT_TRUE(get(pollable.wait(Pollable::For::kReading, Clock::now() + hours(1))));
}

TEST_F(PollableTest, AFreshOneIsWritable) {
  Pollable pollable(loop, std::move(pair.ours));
  EXPECT_TRUE(get(pollable.wait(Pollable::For::kWriting, Clock::now() + hours(1))));
}

TEST_F(PollableTest, AnEndOfThePeerMakesItReady) {
  Pollable pollable(loop, std::move(pair.ours));
  pair.theirs.reset();
  EXPECT_TRUE(get(pollable.wait(Pollable::For::kReading, Clock::now() + hours(1))));
}

TEST_F(PollableTest, ACloseEndsTheWait) {
  Pollable pollable(loop, std::move(pair.ours));
  then([&] { pollable.close(); });
  EXPECT_FALSE(get(pollable.wait(Pollable::For::kReading, Clock::now() + hours(1))));
  EXPECT_FALSE(pollable.is_open());
}

TEST_F(PollableTest, AWaitForOneThatWasClosedIsOver) {
  Pollable pollable(loop, std::move(pair.ours));
  pollable.close();
  EXPECT_FALSE(get(pollable.wait(Pollable::For::kReading, Clock::now() + hours(1))));
}

TEST_F(PollableTest, MayBeDestroyedWhileSomebodyWaits) {
  auto pollable = std::make_unique<Pollable>(loop, std::move(pair.ours));
  then([&] { pollable.reset(); });
  EXPECT_FALSE(get(pollable->wait(Pollable::For::kReading, Clock::now() + hours(1))));
}

TEST_F(PollableTest, ACloseBeforeTheFirstWaitClosesTheDescriptor) {
  Pollable pollable(loop, std::move(pair.ours));
  pollable.close();
  char octet = 0;
  EXPECT_EQ(::recv(pair.theirs.get(), &octet, 1, 0), 0);
}

}  // namespace
}  // namespace dialtone
