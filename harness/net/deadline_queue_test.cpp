#include "harness/net/deadline_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/net/loop_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DeadlineQueueTest : public LoopTest {
 protected:
  using SlotPtr = std::shared_ptr<DeadlineQueue::Slot>;

  SlotPtr slot(int name) {
    return std::make_shared<DeadlineQueue::Slot>([this, name] { expired.push_back(name); });
  }
  void arm(const SlotPtr& slot, Duration from_now) {
    loop.deadlines().arm(slot, Clock::now() + from_now);
  }
  /// Longer than any deadline of these tests that shall expire.
  void let_pass() { run(loop.sleep_until(Clock::now() + milliseconds(60))); }

  std::vector<int> expired;
};

TEST_F(DeadlineQueueTest, ExpiresInTheOrderOfTheDeadlines) {
  const auto a = slot(1);
  const auto b = slot(2);
  const auto c = slot(3);
  arm(a, milliseconds(30));
  arm(b, milliseconds(10));
  arm(c, milliseconds(20));
  let_pass();
  EXPECT_THAT(expired, ElementsAre(2, 3, 1));
}

TEST_F(DeadlineQueueTest, ADisarmedSlotDoesNotExpire) {
  const auto a = slot(1);
  arm(a, milliseconds(10));
  loop.deadlines().disarm(*a);
  let_pass();
  EXPECT_THAT(expired, IsEmpty());
}

TEST_F(DeadlineQueueTest, ArmedAnewItExpiresOnceAndNotBeforeTheLaterDeadline) {
  std::vector<TimePoint> at;
  const auto a = std::make_shared<DeadlineQueue::Slot>([&] { at.push_back(Clock::now()); });
  arm(a, milliseconds(10));
  const auto later = Clock::now() + milliseconds(40);
  loop.deadlines().arm(a, later);
  let_pass();
  ASSERT_THAT(at, ::testing::SizeIs(1));
  EXPECT_GE(at[0], later);
}

TEST_F(DeadlineQueueTest, ArmedAnewItExpiresOnceAndAtTheEarlierDeadline) {
  const auto a = slot(1);
  const auto b = slot(2);
  arm(a, milliseconds(40));
  arm(a, milliseconds(10));
  arm(b, milliseconds(25));
  let_pass();
  EXPECT_THAT(expired, ElementsAre(1, 2));
}

TEST_F(DeadlineQueueTest, AfterItExpiredItCanBeArmedAgain) {
  const auto a = slot(1);
  arm(a, milliseconds(5));
  let_pass();
  arm(a, milliseconds(5));
  let_pass();
  EXPECT_THAT(expired, ElementsAre(1, 1));
}

TEST_F(DeadlineQueueTest, AfterItWasDisarmedItCanBeArmedAgain) {
  const auto a = slot(1);
  arm(a, hours(1));
  loop.deadlines().disarm(*a);
  arm(a, milliseconds(5));
  let_pass();
  EXPECT_THAT(expired, ElementsAre(1));
}

TEST_F(DeadlineQueueTest, ASlotMayBeArmedWhereOneExpires) {
  const auto late = slot(2);
  const auto early = std::make_shared<DeadlineQueue::Slot>([&] {
    expired.push_back(1);
    arm(late, milliseconds(1));
  });
  arm(early, milliseconds(5));
  let_pass();
  EXPECT_THAT(expired, ElementsAre(1, 2));
}

TEST_F(DeadlineQueueTest, ASlotThatIsGoneDoesNotExpire) {
  auto a = slot(1);
  arm(a, milliseconds(5));
  a.reset();
  let_pass();
  EXPECT_THAT(expired, IsEmpty());
}

TEST_F(DeadlineQueueTest, ManyExpireAtOnce) {
  std::vector<SlotPtr> slots;
  const auto when = Clock::now() + milliseconds(5);
  for (int i = 0; i < 1000; ++i) {
    slots.push_back(slot(i));
    loop.deadlines().arm(slots.back(), when);
  }
  let_pass();
  EXPECT_EQ(expired.size(), 1000U);
}

}  // namespace
}  // namespace dialtone
