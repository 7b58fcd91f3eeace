#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "harness/model/event.hpp"
#include "harness/steps/median.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Ten replies, of which the first `slow` come after 2 s.
Script ten_replies(int slow) {
  return [slow](PeerSocket& peer, ScenarioLoop&) {
    for (int i = 0; i < 10; ++i) {
      peer.receive(5);
      if (i < slow)
        std::this_thread::sleep_for(milliseconds(2'000));  // the slowness that is judged
      peer.send("pong\n");
    }
    peer.await_end();
  };
}

constexpr auto* kTen = R"({"connect": "c"},
  {"repeat": 10, "steps": [{"send": "ping\n"}, {"expect": "pong\n", "timed": "reply"}]},
  {"expect_median": "reply", "at_most": "1s"})";

TEST(ExpectMedianTest, ThreeSlowRepliesOfTenAreNoFailure) {
  const auto result = run_against(ten_replies(3), kTen);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExpectMedianTest, SixAre) {
  const auto result = run_against(ten_replies(6), kTen);
  EXPECT_EQ(outcome_of(result), "fail Slow");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("the median of 10 times of 'reply' was 2"), HasSubstr("above 1s")));
  EXPECT_EQ(result.problem.expected, "a median of at most 1s");
}

// What the harness did not run counts for no server.
TEST(ExpectMedianTest, OurOwnStallsGiveNoVerdict) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        for (int i = 0; i < 10; ++i) {
          peer.receive(5);
          loop.stall(milliseconds(1'100));
          peer.send("pong\n");
        }
        peer.await_end();
      },
      kTen);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled") << result.problem.message;
  EXPECT_THAT(result.problem.message,
              HasSubstr("above 1s, but the harness itself did not run for"));
}

TEST(ExpectMedianTest, TheMedianIsTheMiddleOne) {
  std::vector<Duration> lengths;
  for (const int length : {9, 1, 8, 2, 7}) lengths.emplace_back(milliseconds(length));
  EXPECT_EQ(median_of(lengths), Duration(milliseconds(7)));
}

TEST(ExpectMedianTest, FewerThanTenAreAMistake) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"},
      {"repeat": 9, "steps": [{"send": "x"}, {"expect": "y", "timed": "reply"}]},
      {"expect_median": "reply", "at_most": "1s"})"),
              HasSubstr("9 steps are timed as 'reply' before this, but a median of fewer than 10"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"expect": "y", "timed": "reply"},
                             {"expect_median": "reply", "at_most": "1s"})"),
              HasSubstr("one step is timed as 'reply'"));
  EXPECT_THAT(mistakes_of(R"({"expect_median": "replies", "at_most": "1s"})"),
              HasSubstr("no step is timed as 'replies'"));
}

TEST(ExpectMedianTest, StepsOfBranchesCount) {
  EXPECT_THAT(mistakes_of(R"({"connect": "a"}, {"connect": "b"},
      {"expect": "y", "timed": "reply", "on": "a"}, {"expect": "y", "timed": "reply", "on": "b"},
      {"parallel": [
        [{"repeat": 4, "steps": [{"expect": "y", "timed": "reply", "on": "a"}]}],
        [{"repeat": 4, "steps": [{"expect": "y", "timed": "reply", "on": "b"}]}]]},
      {"expect_median": "reply", "at_most": "1s"})"),
              IsEmpty());
}

TEST(ExpectMedianTest, ABadNameIsAMistake) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"expect": "y", "timed": "a b"})"),
              HasSubstr("bad name 'a b' for a time"));
}

}  // namespace
}  // namespace dialtone
