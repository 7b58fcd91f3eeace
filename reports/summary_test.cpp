#include "reports/summary.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

RunResult run_of(std::initializer_list<Verdict> verdicts) {
  auto run = make_run();
  const auto suite = make_suite(verdicts.size());
  for (const auto verdict : verdicts)
    run.results.push_back(make_result(suite, run.results.size(), verdict));
  return run;
}

TEST(SummaryLineTest, CountsPassedFailedAndSkipped) {
  EXPECT_EQ(summary_line(run_of({Verdict::kPass, Verdict::kPass, Verdict::kFail})),
            "3 scenarios: 2 passed, 1 failed, 0 skipped in 420 ms");
}

TEST(SummaryLineTest, NamesWarningsAndErrorsWhereThereAreAny) {
  EXPECT_EQ(summary_line(run_of({Verdict::kWarn, Verdict::kWarn, Verdict::kError})),
            "3 scenarios: 0 passed, 0 failed, 2 warnings, 1 error, 0 skipped in 420 ms");
}

TEST(SummaryLineTest, NamesKnownFailuresWhereThereAreAny) {
  EXPECT_EQ(summary_line(run_of({Verdict::kPass, Verdict::kKnown, Verdict::kKnown})),
            "3 scenarios: 1 passed, 0 failed, 2 known to fail, 0 skipped in 420 ms");
}

TEST(SummaryLineTest, SaysWhenNothingWasChecked) {
  EXPECT_EQ(summary_line(run_of({})),
            "0 scenarios: 0 passed, 0 failed, 0 skipped in 420 ms; nothing was checked");
  EXPECT_EQ(summary_line(run_of({Verdict::kSkip})),
            "1 scenario: 0 passed, 0 failed, 1 skipped in 420 ms; nothing was checked");
}

TEST(SummaryLineTest, CountsRunsOfRepeatedScenarios) {
  auto run = run_of({Verdict::kPass});
  run.results.push_back(run.results[0]);
  for (auto& result : run.results) result.repetitions = 2;
  EXPECT_EQ(summary_line(run), "2 runs of 1 scenario: 2 passed, 0 failed, 0 skipped in 420 ms");
}

TEST(FailedLineTest, ListsWhatFailedOnceInOrder) {
  auto run =
      run_of({Verdict::kError, Verdict::kPass, Verdict::kWarn, Verdict::kFail, Verdict::kKnown});
  run.results.push_back(run.results[0]);
  EXPECT_EQ(failed_line(run), "failed: S-1, S-4");
  run.strict = true;
  EXPECT_EQ(failed_line(run), "failed: S-1, S-3, S-4");
}

TEST(FailedLineTest, IsEmptyWhereNothingFailed) {
  EXPECT_EQ(failed_line(run_of({Verdict::kPass, Verdict::kSkip, Verdict::kWarn})), "");
}

TEST(FailedLineTest, StopsAfterTwenty) {
  auto run = make_run();
  const auto suite = make_suite(25);
  for (std::size_t i = 0; i < 25; ++i) run.results.push_back(make_result(suite, i, Verdict::kFail));
  const auto line = failed_line(run);
  EXPECT_TRUE(line.ends_with("S-20 and 5 more")) << line;
}

}  // namespace
}  // namespace dialtone
