#include "reports/github.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "reports/comma_locale.hpp"
#include "reports/github_summary.hpp"
#include "reports/golden.hpp"
#include "reports/hostile_run.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string written(const RunResult& run, const ReportOptions& options = {}) {
  std::ostringstream out;
  kGithubReport.write(run, options, out);
  return out.str();
}

std::string summary(const RunResult& run) {
  return written(run, {.variant = "summary", .root = {}});
}

std::vector<std::string> lines_with(const std::string& begin, const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(begin)) found.push_back(line);
  return found;
}

/// `warnings` warnings, then `errors` errors, then `failures` failures.
RunResult run_of(std::size_t warnings, std::size_t errors, std::size_t failures) {
  auto run = make_run();
  const auto suite = make_suite(warnings + errors + failures);
  for (std::size_t i = 0; i < suite->scenarios.size(); ++i) {
    const auto verdict = i < warnings            ? Verdict::kWarn
                         : i < warnings + errors ? Verdict::kError
                                                 : Verdict::kFail;
    run.results.push_back(make_result(suite, i, verdict));
  }
  return run;
}

TEST(GithubTest, AnnotationsGolden) {
  expect_golden("github-annotations.txt", written(sample_run()));
}

TEST(GithubTest, SummaryGolden) { expect_golden("github-summary.md", summary(sample_run())); }

TEST(GithubTest, TenOfEachKindTheWorstFirstAndTheRestCounted) {
  const auto text = written(run_of(12, 5, 7));
  const auto errors = lines_with("::error ", text);
  ASSERT_EQ(errors.size(), 10U);
  EXPECT_THAT(errors[0], HasSubstr("title=S-18%3A"));  // the first failure
  EXPECT_THAT(errors[6], HasSubstr("title=S-24%3A"));
  EXPECT_THAT(errors[7], HasSubstr("title=S-13%3A"));  // the first error
  EXPECT_EQ(lines_with("::warning ", text).size(), 10U);
  EXPECT_THAT(lines_with("::notice ", text),
              testing::ElementsAre(HasSubstr("2 failures and 2 warnings more")));
}

TEST(GithubTest, WhereAllAreShownNothingIsCounted) {
  EXPECT_THAT(lines_with("::notice ", written(run_of(10, 5, 5))), IsEmpty());
}

TEST(GithubTest, AWarningIsAnErrorInAStrictRun) {
  auto run = run_of(2, 0, 0);
  run.strict = true;
  EXPECT_EQ(lines_with("::error ", written(run)).size(), 2U);
  EXPECT_THAT(lines_with("::warning ", written(run)), IsEmpty());
}

TEST(GithubTest, ARunThatPassedHasNoAnnotations) {
  auto run = make_run();
  run.results.push_back(make_result(make_suite(1), 0, Verdict::kPass));
  EXPECT_EQ(written(run), "");
}

TEST(GithubTest, DataAndPropertiesAreEscapedAsTheRunnerDecodesThem) {
  auto run = make_run();
  const auto suite = make_suite(1, "a,b:c%.json");
  suite->scenarios[0].title = "100%, a::b";
  auto result = make_result(suite, 0, Verdict::kFail);
  result.problem.message = "50% of a,b::c";
  result.where = {suite->file, 3, 7};
  run.results.push_back(std::move(result));
  EXPECT_THAT(written(run), StartsWith("::error file=a%2Cb%3Ac%25.json,line=3,col=7,"
                                       "title=S-1%3A 100%25%2C a%3A%3Ab::50%25 of a,b::c%0Aat "));
}

TEST(GithubTest, HostileOctetsMakeNoLineOfTheirOwn) {
  const auto text = written(run_with("\n::set-env name=A::b\r\n##[error]x" + all_octets()));
  EXPECT_EQ(lines_with("::error ", text).size(), 1U);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_THAT(text, Not(testing::ContainsRegex("[\x01-\x09\x0b-\x1f\x7f]")));
}

TEST(GithubTest, PathsAreRelativeToTheRepositoryAlsoFromADirectoryBelowIt) {
  const auto here = std::filesystem::current_path();
  auto run = make_run();
  run.results.push_back(make_result(make_suite(1, "suites/a.json"), 0, Verdict::kFail));
  const auto expected = here.filename().string() + "/suites/a.json";
  const auto text = written(run, {.variant = {}, .root = here.parent_path().string()});
  EXPECT_THAT(text, StartsWith("::error file=" + expected + ","));
  EXPECT_THAT(text, HasSubstr("%0Aat " + expected + ":"));
}

TEST(GithubTest, ACodeSpanCannotBeLeftNorSplitACell) {
  EXPECT_EQ(github::code_span("a`b|c\nd"), "`a\\x60b\\x7cc\\nd`");
  EXPECT_EQ(github::code_span(""), "");
}

TEST(GithubTest, ACodeBlockCannotBeClosedFromWithin) {
  EXPECT_EQ(github::code_block("a"), "```text\na\n```\n");
  EXPECT_EQ(github::code_block("````\na\n"), "`````text\n````\na\n`````\n");
}

TEST(GithubTest, TheSummaryOfAFloodStaysBelowAMebibyte) {
  auto run = make_run();
  const auto hostile = run_with(Bytes(5'000, '`')).results[0];
  for (int i = 0; i < 1000; ++i) run.results.push_back(hostile);
  const auto text = summary(run);
  EXPECT_LT(text.size(), 1'000'000U);
  EXPECT_THAT(text, HasSubstr("\n800 scenarios more of these.\n"));
  EXPECT_THAT(text, HasSubstr("\nThe evidence of 980 scenarios more is in the other reports.\n"));
}

TEST(GithubTest, AnInterruptedRunSaysSo) {
  auto run = sample_run();
  run.interrupted = true;
  EXPECT_THAT(summary(run), HasSubstr("**Interrupted:**"));
}

TEST(GithubTest, NumbersAreTheSameUnderACommaLocale) {
  const CommaLocale locale;
  auto run = run_of(0, 0, 1300);
  std::swap(run.results.front(), run.results.back());
  EXPECT_THAT(written(run), HasSubstr("line=1300,"));
  EXPECT_THAT(written(run), HasSubstr("::1290 failures and"));
  EXPECT_THAT(summary(run), HasSubstr("1100 scenarios more"));
}

TEST(GithubTest, WhatIsFlakyIsAWarningWhereItFailed) {
  const auto warnings = lines_with("::warning ", written(retried_run()));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0],
              StartsWith("::warning file=scenarios/article/samples.json,line=22,col=5,"));
  EXPECT_THAT(warnings[0], HasSubstr("::flaky: it passed at attempt 3, before that: the harness"));
  const auto markdown = summary(retried_run());
  EXPECT_THAT(markdown, HasSubstr("2 passed (1 flaky), 1 failed"));
  EXPECT_THAT(markdown, HasSubstr("| flaky | `article.samples/ART-09` |"));
}

}  // namespace
}  // namespace dialtone
