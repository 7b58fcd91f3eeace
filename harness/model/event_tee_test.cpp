#include "harness/model/event_tee.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/model/result.hpp"

namespace dialtone {
namespace {

using testing::_;
using testing::Return;

class MockSink : public EventSink {
 public:
  MOCK_METHOD(int, begin, (std::size_t place, const std::string& variant), (override));
  MOCK_METHOD(void, add, (int run, const Event& event), (override));
  MOCK_METHOD(void, end, (int run), (override));
  MOCK_METHOD(void, failed, (std::size_t place, const ScenarioResult& attempt), (override));
};

TEST(EventTeeTest, EachSinkHearsOfARunByItsOwnNumber) {
  MockSink one;
  MockSink other;
  EXPECT_CALL(one, begin(5, "whole")).WillOnce(Return(7));
  EXPECT_CALL(other, begin(5, "whole")).WillOnce(Return(70));
  EXPECT_CALL(one, begin(6, "")).WillOnce(Return(8));
  EXPECT_CALL(other, begin(6, "")).WillOnce(Return(80));
  EXPECT_CALL(one, add(7, _)).Times(1);
  EXPECT_CALL(other, add(70, _)).Times(1);
  EXPECT_CALL(one, add(8, _)).Times(2);
  EXPECT_CALL(other, add(80, _)).Times(2);
  EXPECT_CALL(one, end(8)).Times(1);
  EXPECT_CALL(other, end(80)).Times(1);

  EventTee tee({&one, &other});
  const auto first = tee.begin(5, "whole");
  const auto second = tee.begin(6, "");
  EXPECT_NE(first, second);
  tee.add(second, Event{});
  tee.add(first, Event{});
  tee.add(second, Event{});
  tee.end(second);
  EXPECT_THROW(tee.add(second, Event{}), std::out_of_range);  // nothing of it is kept
}

TEST(EventTeeTest, EachSinkHearsOfAnAttempt) {
  MockSink one;
  MockSink other;
  const ScenarioResult attempt;
  EXPECT_CALL(one, failed(5, testing::Ref(attempt))).Times(1);
  EXPECT_CALL(other, failed(5, testing::Ref(attempt))).Times(1);
  EventTee({&one, &other}).failed(5, attempt);
}

}  // namespace
}  // namespace dialtone
