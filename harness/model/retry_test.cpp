#include "harness/model/retry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/known_failures.hpp"

namespace dialtone {
namespace {

ScenarioResult result(Verdict verdict, std::string_view type = "Timeout") {
  ScenarioResult made;
  made.verdict = verdict;
  made.problem.type = type;
  made.problem.message = "no reply";
  made.failed_step = 2;
  made.where = {"a.json", 7, 1};
  return made;
}

TEST(RetryTest, WhatFailedOrErredMayTurn) {
  EXPECT_TRUE(may_turn(result(Verdict::kFail), {}));
  EXPECT_TRUE(may_turn(result(Verdict::kError), {}));
  for (const auto verdict : {Verdict::kPass, Verdict::kKnown, Verdict::kSkip})
    EXPECT_FALSE(may_turn(result(verdict), {.strict = true})) << name_of(verdict);
}

TEST(RetryTest, AWarningOnlyWhereItFailsTheRun) {
  EXPECT_FALSE(may_turn(result(Verdict::kWarn), {}));
  EXPECT_TRUE(may_turn(result(Verdict::kWarn), {.strict = true}));
}

TEST(RetryTest, WhatSaysNothingOfThePeerDoesNot) {
  EXPECT_FALSE(may_turn(result(Verdict::kError, kHarnessStalled), {}));
  EXPECT_FALSE(may_turn(result(Verdict::kFail, kKnownFailurePassed), {}));
}

TEST(RetryTest, APassAfterAFailureIsFlakyAndAPassAllTheSame) {
  auto last = result(Verdict::kPass);
  join_attempts(last, {}, {});
  EXPECT_FALSE(is_flaky(last));
  join_attempts(last, {result(Verdict::kFail)}, {});
  EXPECT_TRUE(is_flaky(last));
  EXPECT_EQ(last.attempts.size(), 1U);
  Totals totals;
  totals.add(last);
  EXPECT_EQ(totals.pass, 1);
  EXPECT_EQ(totals.flaky, 1);
  EXPECT_EQ(totals.all(), 1);
}

TEST(RetryTest, WhatFailsToTheLastIsNotFlaky) {
  auto last = result(Verdict::kFail);
  join_attempts(last, {result(Verdict::kError)}, {.fail_flaky = true});
  EXPECT_FALSE(is_flaky(last));
  EXPECT_EQ(last.problem.message, "no reply");
}

TEST(RetryTest, WhereFlakyOnesFailItFailsAsItDidLast) {
  for (const auto verdict : {Verdict::kFail, Verdict::kError, Verdict::kWarn}) {
    auto last = ScenarioResult();
    last.verdict = Verdict::kPass;
    join_attempts(last, {result(Verdict::kFail, "Other"), result(verdict)}, {.fail_flaky = true});
    EXPECT_EQ(last.verdict, verdict);
    EXPECT_FALSE(is_flaky(last));
    EXPECT_EQ(last.problem.type, kFlaky);
    EXPECT_EQ(last.problem.message, "flaky: it passed at attempt 3, and failed before: no reply");
    EXPECT_EQ(last.failed_step, 2);
    EXPECT_EQ(last.where, (SourceLocation{"a.json", 7, 1}));
  }
}

}  // namespace
}  // namespace dialtone
