#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/model/scenario.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::StrEq;

std::vector<std::string> texts_of(std::string_view steps) {
  std::vector<std::string> texts;
  const auto suite = suite_of(steps);
  for (const auto& step : suite->scenarios.front().steps) texts.push_back(step.text);
  return texts;
}

std::vector<std::string> labels_of(std::string_view steps) {
  std::vector<std::string> labels;
  const auto suite = suite_of(steps);
  for (const auto& step : suite->scenarios.front().steps) labels.push_back(step.label);
  return labels;
}

TEST(RepeatTest, ItsStepsAreDoneInEachRoundInOrder) {
  std::string heard;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) { heard = peer.receive(9); },
      R"({"connect": "c"}, {"repeat": 3, "steps": [{"send": "a${round}"}, {"send": "b"}]})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(heard, "a1ba2ba3b");
}

TEST(RepeatTest, LabelsNameTheRoundAndTheStep) {
  EXPECT_THAT(
      labels_of(
          R"({"connect": "c"}, {"repeat": 2, "steps": [{"send": "a"}, {"send": "b"}]}, {"close": "c"})"),
      ElementsAre("1", "2.1.1", "2.1.2", "2.2.1", "2.2.2", "3"));
}

TEST(RepeatTest, AnInnerOneCountsItsOwnRounds) {
  EXPECT_THAT(
      texts_of(
          R"({"repeat": 2, "steps": [{"repeat": 2, "steps": [{"set": "x", "to": "${round}"}]}, {"set": "y", "to": "${round}"}]})"),
      ElementsAre(R"({"set": "x", "to": "1"})", R"({"set": "x", "to": "2"})",
                  R"({"set": "y", "to": "1"})", R"({"set": "x", "to": "1"})",
                  R"({"set": "x", "to": "2"})", R"({"set": "y", "to": "2"})"));
}

TEST(RepeatTest, WithAnotherNameBothCountersAreAtHand) {
  EXPECT_THAT(
      texts_of(
          R"({"repeat": 2, "as": "i", "steps": [{"repeat": 2, "as": "j", "steps": [{"connect": "c${i}-${j}"}]}]})"),
      ElementsAre(R"({"connect": "c1-1"})", R"({"connect": "c1-2"})", R"({"connect": "c2-1"})",
                  R"({"connect": "c2-2"})"));
}

TEST(RepeatTest, LabelsOfInnerOnesNestToo) {
  EXPECT_THAT(
      labels_of(
          R"({"repeat": 1, "steps": [{"repeat": 2, "as": "j", "steps": [{"connect": "c${j}"}]}]})"),
      ElementsAre("1.1.1.1.1", "1.1.1.2.1"));
}

TEST(RepeatTest, AnEscapedNameIsNoCounter) {
  std::string heard;
  const auto result =
      run_against([&](PeerSocket& peer, ScenarioLoop&) { heard = peer.receive(8); },
                  R"({"connect": "c"}, {"repeat": 1, "steps": [{"send": "$${round}"}]})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(heard, "${round}");
}

TEST(RepeatTest, TheNumberOfRoundsMayStandInAVariable) {
  EXPECT_THAT(texts_of(R"({"repeat": "${clients}", "steps": [{"connect": "c${round}"}]})").size(),
              30u);  // the fallback of the parameter
}

TEST(RepeatTest, AFailureNamesItsStep) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.send("ab");
        loop.await_end();
      },
      R"({"connect": "c"}, {"repeat": 2, "steps": [{"expect": "a"}]})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
  const auto& failed = result.scenario->steps.at(static_cast<std::size_t>(result.failed_step));
  EXPECT_EQ(failed.label, "2.2.1");
  EXPECT_EQ(failed.where.line, 1);
}

TEST(RepeatTest, AMistakeInsideIsToldOnce) {
  EXPECT_THAT(mistakes_of(R"({"repeat": 5, "steps": [{"sned": "x"}]})"),
              StrEq("test.json:1:99: unknown step 'sned'\n  hint: did you mean 'send'?\n"));
}

TEST(RepeatTest, WithoutStepsOrRoundsItIsAMistake) {
  EXPECT_THAT(mistakes_of(R"({"repeat": 3})"),
              StartsWith("test.json:1:74: step 'repeat' needs 'steps'\n"));
  EXPECT_THAT(mistakes_of(R"({"repeat": 3, "steps": []})"),
              StrEq("test.json:1:97: 'steps' is empty\n  hint: it would do nothing\n"));
  for (const auto* rounds : {"0", "5001"})
    EXPECT_THAT(
        mistakes_of(std::string(R"({"repeat": )") + rounds + R"(, "steps": [{"pause": "1ms"}]})"),
        StrEq("test.json:1:85: 'repeat' must be between 1 and 5000\n"))
        << rounds;
  EXPECT_THAT(mistakes_of(R"({"repeat": 1.5, "steps": [{"pause": "1ms"}]})"),
              HasSubstr("'repeat' must be a whole number"));
}

TEST(RepeatTest, AConnectionOfAnEarlierRoundKeepsItsName) {
  EXPECT_THAT(mistakes_of(R"({"repeat": 2, "steps": [{"connect": "c"}]})"),
              StrEq("test.json:1:110: 'c' is already in use\n  hint: choose another name\n"));
  EXPECT_THAT(mistakes_of(R"({"repeat": 2, "steps": [{"connect": "c"}, {"close": "c"}]})"),
              StrEq(""));
}

// 200 * 200 rounds are more steps than a scenario may have, and a file should not take the memory.
TEST(RepeatTest, RoundsInRoundsHaveALimitThatIsToldOnce) {
  const auto inner = R"({"repeat": 200, "steps": [{"pause": "1ms"}]})";
  EXPECT_THAT(mistakes_of(std::string(R"({"repeat": 200, "steps": [)") + inner + "]}, " +
                          R"({"pause": "1ms"}, {"pause": "1ms"})"),
              StrEq("test.json:1:126: a scenario has at most 20000 steps\n"));
}

}  // namespace
}  // namespace dialtone
