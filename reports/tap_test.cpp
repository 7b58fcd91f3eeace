#include "reports/tap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>

#include "reports/comma_locale.hpp"
#include "reports/golden.hpp"
#include "reports/hostile_run.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string written(const RunResult& run, const ReportOptions& options = {}) {
  std::ostringstream out;
  kTapReport.write(run, options, out);
  return out.str();
}

std::string without_version(const std::string& text) {
  return std::regex_replace(text, std::regex("# dialtone [0-9.]+"), "# dialtone VERSION");
}

RunResult run_titled(const std::string& title) {
  auto run = make_run();
  const auto suite = make_suite(1);
  suite->scenarios[0].title = title;
  run.results.push_back(make_result(suite, 0, Verdict::kPass));
  return run;
}

TEST(TapTest, Golden) { expect_golden("tap.txt", without_version(written(sample_run()))); }

TEST(TapTest, Version13HasNoSubtests) {
  const auto document = written(sample_run(), {.variant = "13", .root = {}});
  EXPECT_THAT(document, StartsWith("TAP version 13\n"));
  EXPECT_THAT(document, HasSubstr("\n1..6\n# suite: article.samples\nnot ok 1 - ART-09: "));
  EXPECT_THAT(document, HasSubstr("\n  ---\n  verdict: skip\n  duration_ms: 0.000\n  ...\n"
                                  "not ok 6 - ART-37: "));
  EXPECT_THAT(document, Not(HasSubstr("# Subtest")));
}

TEST(TapTest, AWarningIsAFailureInAStrictRun) {
  auto run = make_run();
  auto result = make_result(make_suite(1), 0, Verdict::kWarn);
  result.problem.message = "late";
  run.results.push_back(std::move(result));
  EXPECT_THAT(written(run), HasSubstr("\n    not ok 1 - S-1: a sample conversation ends as it "
                                      "should # TODO warning: late\n"));
  EXPECT_THAT(written(run), HasSubstr("\nok 1 - article.samples\n"));
  run.strict = true;
  EXPECT_THAT(written(run),
              HasSubstr("\n    not ok 1 - S-1: a sample conversation ends as it should\n"));
  EXPECT_THAT(written(run), HasSubstr("\nnot ok 1 - article.samples\n"));
}

TEST(TapTest, ADescriptionCannotBecomeADirective) {
  EXPECT_THAT(written(run_titled(R"(a # SKIP b \# TODO c)")),
              HasSubstr("    ok 1 - S-1: a \\# SKIP b \\\\\\# TODO c\n"));
}

TEST(TapTest, ADescriptionCannotBeginASubtest) {
  EXPECT_THAT(written(run_titled("begins {  ")), HasSubstr("    ok 1 - S-1: begins \\\\x7b\n"));
}

TEST(TapTest, All256OctetsStayWithinTheirLines) {
  const auto document = written(run_with(all_octets()));
  const std::regex line(R"((TAP version 14|1\.\.1|# .*|not ok 1 - .*| {4}(1\.\.1|not ok 1 - .*)|)"
                        R"( {6}(---|\.\.\.|at:|(  )?[a-z_]+: .*|  .*)))");
  std::istringstream lines(document);
  for (std::string text; std::getline(lines, text);) {
    EXPECT_TRUE(std::regex_match(text, line)) << text;
    EXPECT_THAT(text, Not(testing::ContainsRegex("[\x01-\x08\x0b-\x1f\x7f]")));
  }
  EXPECT_THAT(document, HasSubstr("\\\\x00\\\\x01"));
}

TEST(TapTest, TextsAreCapped) { EXPECT_LT(written(run_with_a_flood()).size(), 100'000U); }

TEST(TapTest, AnInterruptedRunBailsOut) {
  auto run = sample_run();
  run.interrupted = true;
  EXPECT_THAT(written(run), EndsWith("\nBail out! interrupted: 6 finished\n"));
  EXPECT_THAT(written(sample_run()), Not(HasSubstr("Bail out!")));
}

TEST(TapTest, ARunWithoutScenariosHasAnEmptyPlan) {
  EXPECT_THAT(written(make_run()), StartsWith("TAP version 14\n"));
  EXPECT_THAT(written(make_run()), HasSubstr("\n1..0 # SKIP nothing ran\n"));
}

TEST(TapTest, NumbersAreTheSameUnderACommaLocale) {
  const CommaLocale locale;
  auto run = make_run();
  const auto suite = make_suite(1000);
  for (std::size_t i = 0; i < 1000; ++i)
    run.results.push_back(make_result(suite, i, Verdict::kPass));
  run.results.back().took = std::chrono::milliseconds(1'234'567);
  const auto document = written(run);
  EXPECT_THAT(document, HasSubstr("\n    1..1000\n"));
  EXPECT_THAT(document, HasSubstr("\n    ok 1000 - S-1000"));
  EXPECT_THAT(document, HasSubstr("\n      duration_ms: 1234567.000\n"));
}

TEST(TapTest, TellsOfTheAttemptsOfWhatWasRunAgain) {
  const auto text = written(retried_run());
  EXPECT_THAT(text, HasSubstr("ok 1 - ART-09"));
  EXPECT_THAT(text, HasSubstr(R"(
      flaky: true
      attempts:
        - "attempt 1 of 3: fail: step 3: octets differ at offset 3"
        - "attempt 2 of 3: error: the harness itself was late by 3.10 s"
)"));
  EXPECT_THAT(written(sample_run()), Not(HasSubstr("attempts:")));
}

}  // namespace
}  // namespace dialtone
