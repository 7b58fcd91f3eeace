#include "reports/console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "reports/golden.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::Not;

/// All that a console prints of a run whose results end in the order in which they stand.
std::string printed(const RunResult& run, ConsoleOptions options = {}) {
  std::ostringstream out;
  Console console(out, options);
  console.begin(run, run.results.size());
  for (std::size_t index = 0; index < run.results.size(); ++index)
    console.finished(index, run.results[index]);
  console.end(run);
  return out.str();
}

RunResult run_of(std::initializer_list<Verdict> verdicts) {
  auto run = make_run();
  const auto suite = make_suite(verdicts.size());
  for (const auto verdict : verdicts)
    run.results.push_back(make_result(suite, run.results.size(), verdict));
  return run;
}

/// One scenario, repeated: its runs number `failing` (from 1) failed.
RunResult repeated_run(int repetitions, const std::vector<int>& failing) {
  auto run = make_run();
  const auto suite = make_suite(1);
  for (int repetition = 1; repetition <= repetitions; ++repetition) {
    const bool fails = std::ranges::count(failing, repetition) > 0;
    auto& result =
        run.results.emplace_back(make_result(suite, 0, fails ? Verdict::kFail : Verdict::kPass));
    result.problem.message = "broken";
    result.repetition = repetition;
    result.repetitions = repetitions;
  }
  return run;
}

int count_of(const std::string& text, const std::string& what) {
  int found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(ConsoleTest, SampleRunGolden) { expect_golden("console.txt", printed(sample_run())); }

TEST(ConsoleTest, VerboseGolden) {
  auto run = sample_run();
  run.results[1].transcript = run.results[0].transcript;
  run.results.resize(2);
  run.interrupted = true;
  expect_golden("console-verbose.txt", printed(run, {.verbosity = 1, .width = 80}));
}

TEST(ConsoleTest, WhatAPeerSaysIsNoCommandToTheCiSystem) {
  auto run = run_of({Verdict::kFail});
  run.results[0].outputs = {{.program = "target",
                             .standard_output = "::error::owned\n##[add-mask]a\n",
                             .standard_error = {},
                             .ended = "##vso[task.complete]"}};
  const auto out = printed(run);
  EXPECT_THAT(out, HasSubstr("\\x3a:error::owned"));
  EXPECT_THAT(out, HasSubstr("\\x23#[add-mask]a"));
  EXPECT_THAT(out, HasSubstr("\\x23#vso[task.complete]"));
  EXPECT_THAT(out, Not(HasSubstr("##[")));
}

TEST(ConsoleTest, ColouredGolden) {
  expect_golden("console-colour.txt", printed(sample_run(), {.color = true}));
}

TEST(ConsoleTest, PrintsInTheOrderOfTheFilesWhateverEndsFirst) {
  const auto run = run_of({Verdict::kPass, Verdict::kFail, Verdict::kPass});
  std::ostringstream out;
  Console console(out, {});
  console.begin(run, 3);
  console.finished(2, run.results[2]);
  EXPECT_THAT(out.str(), Not(HasSubstr("S-3")));
  console.finished(0, run.results[0]);
  EXPECT_THAT(out.str(), HasSubstr("S-1"));
  EXPECT_THAT(out.str(), Not(HasSubstr("S-3")));
  console.finished(1, run.results[1]);
  console.end(run);
  EXPECT_EQ(out.str(), printed(run));
}

TEST(ConsoleTest, WithoutColourNothingButTextIsPrinted) {
  EXPECT_THAT(printed(sample_run(), {.verbosity = 1}), Not(HasSubstr("\x1b")));
}

TEST(ConsoleTest, ColourOnlyAddsToTheWords) {
  const auto coloured = printed(sample_run(), {.color = true});
  const std::regex sgr("\x1b\\[[0-9]+m");
  EXPECT_EQ(std::regex_replace(coloured, sgr, ""), printed(sample_run()));
  EXPECT_NE(coloured, printed(sample_run()));
}

TEST(ConsoleTest, NothingOfAFileOrAPeerReachesTheTerminalRaw) {
  const std::string hostile =
      "\x1b]0;owned\x07\r\x9b"
      "2J\xe2\x80\xae";
  auto run = make_run();
  const auto suite = make_suite(1, "a" + hostile);
  suite->name = suite->title = hostile;
  auto& scenario = suite->scenarios[0];
  scenario.id = scenario.title = scenario.source = hostile;
  scenario.steps.push_back({.spec = nullptr, .step = nullptr, .text = hostile, .where = {}});
  auto result = make_result(suite, 0, Verdict::kFail);
  result.failed_step = 0;
  result.where.file = hostile;
  result.problem = {"T", hostile, hostile, hostile, std::nullopt};
  result.transcript = {{{}, 0, hostile, Received{hostile}}, {{}, 0, hostile, Noted{hostile}}};
  result.outputs = {{hostile, hostile, hostile, hostile}};
  run.target = run.rerun = hostile;
  run.results.push_back(result);
  result.problem.bytes = ByteComparison{hostile, "x", 0, Encoding::kLatin1};
  result.verdict = Verdict::kSkip;
  run.results.push_back(result);
  const auto text = printed(run, {.verbosity = 1});
  for (const auto* raw : {"\x1b", "\x07", "\r", "\x9b", "\xe2\x80\xae"})
    EXPECT_THAT(text, Not(HasSubstr(raw)));
}

TEST(ConsoleTest, QuietShowsOnlyTroubleAndTheSummary) {
  const auto run = run_of({Verdict::kPass, Verdict::kSkip, Verdict::kWarn, Verdict::kFail});
  const auto text = printed(run, {.verbosity = -1});
  EXPECT_THAT(text, Not(HasSubstr("S-1")));
  EXPECT_THAT(text, Not(HasSubstr("S-2")));
  EXPECT_THAT(text, Not(HasSubstr("S-3")));
  EXPECT_THAT(text, HasSubstr("FAIL   S-4"));
  EXPECT_THAT(text, HasSubstr("4 scenarios: 1 passed, 1 failed, 1 warning, 1 skipped"));
}

TEST(ConsoleTest, QuietAndGreenIsTheSummaryAlone) {
  EXPECT_EQ(printed(run_of({Verdict::kPass}), {.verbosity = -1}),
            "1 scenario: 1 passed, 0 failed, 0 skipped in 420 ms\n");
}

TEST(ConsoleTest, QuietShowsAWarningOfAStrictRun) {
  auto run = run_of({Verdict::kWarn});
  run.strict = true;
  EXPECT_THAT(printed(run, {.verbosity = -1}), HasSubstr("warn   S-1"));
}

TEST(ConsoleTest, RepetitionsShareOneLine) {
  const auto text = printed(repeated_run(500, {}));
  EXPECT_EQ(count_of(text, "S-1"), 1);
  EXPECT_THAT(text, HasSubstr("500/500 passed\n"));
  EXPECT_THAT(text, HasSubstr("500 runs of 1 scenario: 500 passed"));
}

TEST(ConsoleTest, OfRepetitionsThatFailTheFirstThreeAreShown) {
  const auto text = printed(repeated_run(500, {7, 8, 9, 10, 11}));
  EXPECT_THAT(text, HasSubstr("495/500 passed, 5 failed\n"));
  EXPECT_THAT(text, HasSubstr("S-1 [7/500] broken"));
  EXPECT_THAT(text, HasSubstr("S-1 [9/500] broken"));
  EXPECT_EQ(count_of(text, "broken"), 3);
}

TEST(ConsoleTest, AnInterruptedRepetitionShowsHowFarItCame) {
  auto run = repeated_run(500, {2});
  run.results.resize(4);
  run.interrupted = true;
  const auto text = printed(run);
  EXPECT_THAT(text, HasSubstr("3/500 passed, 1 failed\n"));
}

TEST(ConsoleTest, AnInterruptedRunShowsWhatWaitedBehindAGap) {
  const auto run = run_of({Verdict::kPass, Verdict::kPass, Verdict::kFail});
  auto ended = run;
  ended.results.erase(ended.results.begin() + 1);
  ended.interrupted = true;
  std::ostringstream out;
  Console console(out, {});
  console.begin(run, 3);
  console.finished(0, run.results[0]);
  console.finished(2, run.results[2]);
  EXPECT_THAT(out.str(), Not(HasSubstr("S-3")));
  console.end(ended);
  EXPECT_THAT(out.str(), HasSubstr("FAIL   S-3"));
  EXPECT_THAT(out.str(), HasSubstr("interrupted: 2 of 3 finished\n"));
}

TEST(ConsoleTest, TheStatusLineIsErasedBeforeLinesAndAtTheEnd) {
  const auto run = run_of({Verdict::kPass, Verdict::kFail});
  std::ostringstream out;
  Console console(out, {.progress = true, .width = 100});
  console.begin(run, 2);
  EXPECT_THAT(out.str(), testing::EndsWith("0/2 finished, 0 failed"));
  console.finished(1, run.results[1]);
  EXPECT_THAT(out.str(), testing::EndsWith("\r\x1b[K1/2 finished, 1 failed"));
  console.finished(0, run.results[0]);
  EXPECT_THAT(out.str(), HasSubstr("1 failed\r\x1b[K\narticle.samples"));
  console.end(run);
  EXPECT_THAT(out.str(), HasSubstr("2/2 finished, 1 failed\r\x1b[K\nfailed: S-2\n"));
  EXPECT_EQ(out.str().rfind("finished"), out.str().find("finished, 1 failed\r\x1b[K\nfailed"));
}

TEST(ConsoleTest, TheStatusLineIsRewrittenAtMostTwoHundredTimesAndForFailures) {
  auto run = repeated_run(24'000, {});
  const auto text = printed(run, {.progress = true});
  EXPECT_LE(count_of(text, "finished"), 201);
  EXPECT_GE(count_of(text, "finished"), 200);
}

TEST(ConsoleTest, WideTitlesKeepTheTimesInTheirColumn) {
  auto run = make_run();
  const auto suite = make_suite(2);
  suite->scenarios[0].title = "你好啊";
  suite->scenarios[1].title = "abcdef";
  for (std::size_t i = 0; i < 2; ++i) run.results.push_back(make_result(suite, i, Verdict::kPass));
  const auto text = printed(run);
  const std::string gap = "                    ";
  EXPECT_THAT(text, HasSubstr("你好啊" + gap));
  const auto spaces = [&](const std::string& title) {
    const auto from = text.find(title) + title.size();
    return text.find_first_not_of(' ', from) - from;
  };
  EXPECT_EQ(spaces("你好啊"), spaces("abcdef"));
}

TEST(ConsoleTest, APassAfterAFailureIsFlaky) {
  for (const int verbosity : {-1, 0}) {
    const auto text = printed(retried_run(), {.verbosity = verbosity});
    EXPECT_THAT(text, HasSubstr("flaky  ART-09"));
    EXPECT_THAT(text, HasSubstr("attempt 1 of 3: fail: step 3: octets differ at offset 3\n"));
    EXPECT_THAT(text, HasSubstr("attempt 2 of 3: error: the harness itself was late by 3.10 s\n"));
    EXPECT_THAT(text, HasSubstr("2 passed (1 flaky), 1 failed, 1 error"));
    EXPECT_EQ(count_of(text, "attempt 1 of 3"), 3);  // of what failed to the last too
  }
}

TEST(ConsoleTest, FlakyRepetitionsAreCounted) {
  auto run = repeated_run(3, {});
  run.results[1].attempts = repeated_run(1, {1}).results;
  EXPECT_THAT(printed(run), HasSubstr("flaky  S-1"));
  EXPECT_THAT(printed(run), HasSubstr("3/3 passed, 1 flaky"));
}

}  // namespace
}  // namespace dialtone
