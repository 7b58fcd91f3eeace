#include "reports/merge.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>

#include "harness/model/divide.hpp"
#include "reports/hostile_run.hpp"
#include "reports/log_test_support.hpp"
#include "reports/registry.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The run of one shard of `whole`.
RunResult part_of(const RunResult& whole, const Shard& shard, ShardMethod method) {
  std::vector<PlannedScenario> plan;
  for (const auto& result : whole.results)
    plan.push_back({result.suite, result.scenario, result.repetition, std::nullopt});
  auto part = whole;
  part.results.clear();
  part.shard = RunShard{.shard = shard, .method = method, .whole = plan.size()};
  part.shard->places = places_of(plan, shard, method, {});
  part.shard->suites = digest_of(plan);
  part.shard->options = digest_of(std::vector<std::string>{whole.rerun});
  for (const auto place : part.shard->places) {
    part.results.push_back(whole.results[place]);
    part.results.back().place = part.results.size() - 1;
  }
  return part;
}

ShardLog log_of(const RunResult& part) {
  return {fmt::format("{}.ndjson", part.shard ? part.shard->shard.index : 0),
          good_log(written(kNdjsonReport, part))};
}

std::vector<ShardLog> logs_of(const RunResult& whole, int total,
                              ShardMethod method = ShardMethod::kSlice) {
  std::vector<ShardLog> logs;
  for (int index = 1; index <= total; ++index)
    logs.push_back(log_of(part_of(whole, {index, total}, method)));
  return logs;
}

/// A run of `count` scenarios that passed.
RunResult plain_run(std::size_t count) {
  auto run = make_run();
  const auto suite = make_suite(count);
  for (std::size_t i = 0; i < count; ++i)
    run.results.push_back(make_result(suite, i, Verdict::kPass));
  return run;
}

MergedRun merged(std::vector<ShardLog> logs, bool may_be_partial = false) {
  auto made = merge_shards(std::move(logs), may_be_partial);
  if (const auto* mistakes = std::get_if<Diagnostics>(&made))
    throw std::runtime_error(render(mistakes->front()));
  return std::get<MergedRun>(std::move(made));
}

std::vector<std::string> mistakes_of(std::vector<ShardLog> logs, bool may_be_partial = false) {
  const auto made = merge_shards(std::move(logs), may_be_partial);
  std::vector<std::string> texts;
  if (const auto* mistakes = std::get_if<Diagnostics>(&made)) {
    for (const auto& mistake : *mistakes) texts.push_back(render(mistake));
  }
  return texts;
}

std::vector<std::string> ids_of(const RunResult& run) {
  std::vector<std::string> ids;
  for (const auto& result : run.results) ids.push_back(result.scenario->id);
  return ids;
}

/// A repeated scenario, of which one repetition failed, among others.
RunResult repeated_run() {
  auto run = make_run();
  const auto suite = make_suite(3);
  for (int repetition = 1; repetition <= 2; ++repetition) {
    for (std::size_t i = 0; i < 3; ++i) {
      const bool fails = i == 1 && repetition == 2;
      run.results.push_back(make_result(suite, i, fails ? Verdict::kFail : Verdict::kPass));
      run.results.back().repetition = repetition;
      run.results.back().repetitions = 2;
    }
  }
  return run;
}

/// Its second scenario passed at the second attempt.
RunResult retried_run() {
  auto run = plain_run(3);
  auto& flaky = run.results.at(1);
  flaky.attempts.push_back(make_result(flaky.suite, 1, Verdict::kFail));
  return run;
}

TEST(MergeTest, EveryReportIsThatOfTheWholeRun) {
  std::mt19937 random(7);
  for (const auto& whole :
       {sample_run(), hostile_run(), repeated_run(), retried_run(), plain_run(40)}) {
    for (const auto method : kShardMethods) {
      for (const int total : {1, 2, 3, 11}) {
        auto logs = logs_of(whole, total, method);
        std::ranges::shuffle(logs, random);
        const auto made = merged(std::move(logs));
        EXPECT_THAT(made.notes, IsEmpty());
        for (const auto* format : report_formats())
          EXPECT_TRUE(written(*format, made.run) == written(*format, whole))
              << format->name << ", " << total << " by " << name_of(method);
      }
    }
  }
}

TEST(MergeTest, TakesTheTimeFromTheFirstBeginToTheLastEndOnAllHosts) {
  auto logs = logs_of(plain_run(6), 6);
  const auto begin = logs[0].log.run.started;
  for (int i = 0; i < 6; ++i) {
    auto& run = logs[static_cast<std::size_t>(i)].log.run;
    run.started = begin + seconds(6 - i);
    run.took = milliseconds(2500);
    run.host = fmt::format("host{}", i / 2 * 2);
  }
  const auto run = merged(logs).run;
  EXPECT_EQ(run.started, begin + seconds(1));
  EXPECT_EQ(run.took, milliseconds(7500));
  EXPECT_EQ(run.host, "host0, host2, host4");
  for (int i = 0; i < 6; ++i)
    logs[static_cast<std::size_t>(i)].log.run.host = fmt::format("h{}", i);
  EXPECT_EQ(merged(logs).run.host, "h0, h1, h2, h3 and 2 more");
}

TEST(MergeTest, AMissingShardIsAMistakeThatNamesIt) {
  auto logs = logs_of(plain_run(8), 4);
  logs.erase(logs.begin() + 2);
  logs.erase(logs.begin());
  EXPECT_THAT(mistakes_of(logs),
              ElementsAre("2.ndjson:1:1: shards 1, 3 of 4 are missing\n"
                          "  hint: give the logs of all; --partial takes what there is, and the "
                          "reports say so\n"));
}

TEST(MergeTest, APartialRunSaysWhatIsMissingInEveryReport) {
  auto logs = logs_of(plain_run(8), 4);
  logs.erase(logs.begin() + 2);
  const auto made = merged(std::move(logs), true);
  EXPECT_THAT(made.notes, ElementsAre("shard 3 of 4 is missing"));
  EXPECT_THAT(ids_of(made.run), ElementsAre("S-1", "S-2", "S-3", "S-4", "S-7", "S-8"));
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"ctrf", R"("missingShards":"3 of 4")"},
      {"html", "shard 3 of 4 is missing"},
      {"json", R"("partial":{"total":4,"missing":[3]})"},
      {"junit", R"(<property name="dialtone.missing_shards" value="3 of 4"/>)"},
      {"ndjson", R"("partial":{"total":4,"missing":[3]})"},
      {"tap", "# shard 3 of 4 is missing\n"}};
  for (const auto& [name, text] : texts)
    EXPECT_THAT(written(*find_report_format(name), made.run), HasSubstr(text)) << name;
  EXPECT_EQ(by_log(made.run).partial->missing, std::vector<int>{3});
}

TEST(MergeTest, EveryReportOfAShardSaysWhichItIs) {
  const auto part = part_of(plain_run(8), {2, 4}, ShardMethod::kSlice);
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"ctrf", R"("shard":"2/4")"},
      {"html", "shard 2/4 by slice, 2 of 8 scenarios"},
      {"json", R"("shard":{"index":2,"total":4,"by":"slice","whole":8,"suites":")"},
      {"junit", R"(<property name="dialtone.shard" value="2/4"/>)"},
      {"ndjson", R"("shard":{"index":2,"total":4,"by":"slice","whole":8,"suites":")"},
      {"tap", "# shard 2/4 by slice, 2 of 8 scenarios\n"}};
  for (const auto& [name, text] : texts)
    EXPECT_THAT(written(*find_report_format(name), part), HasSubstr(text)) << name;
}

TEST(MergeTest, GithubsSummarySaysWhichShardItIs) {
  const auto part = part_of(plain_run(8), {2, 4}, ShardMethod::kSlice);
  std::ostringstream summary;
  find_report_format("github")->companion.write(part, {}, summary);
  EXPECT_THAT(summary.str(),
              HasSubstr("\n**Part of a run:** shard 2/4 by slice, 2 of 8 scenarios.\n"));
}

TEST(MergeTest, AShardThatWasInterruptedIsMissingTheRest) {
  auto whole = plain_run(8);
  auto second = part_of(whole, {2, 2}, ShardMethod::kSlice);
  auto log = written(kNdjsonReport, second);
  log.resize(log.rfind(R"({"type":"scenario_started")"));
  std::vector<ShardLog> logs{log_of(part_of(whole, {1, 2}, ShardMethod::kSlice)),
                             {"2.ndjson", good_log(log)}};
  EXPECT_THAT(
      mistakes_of(logs),
      ElementsAre(HasSubstr("2.ndjson:1:1: shard 2/2 ended early: 3 of 4 scenarios finished\n")));
  const auto made = merged(logs, true);
  EXPECT_TRUE(made.run.interrupted);
  EXPECT_EQ(made.run.results.size(), 7U);
  EXPECT_FALSE(made.run.partial);
  EXPECT_THAT(made.notes, ElementsAre("shard 2/2 ended early: 3 of 4 scenarios finished"));
}

TEST(MergeTest, WhatWentWrongWithEachShardsTargetIsTold) {
  const auto whole = plain_run(8);
  std::vector<ShardLog> logs;
  for (const int index : {1, 2, 3}) {
    auto part = part_of(whole, {index, 3}, ShardMethod::kSlice);
    if (index > 1) part.target_problem = "died";
    logs.push_back(log_of(part));
  }
  EXPECT_EQ(merged(logs).run.target_problem, "shard 2/3: died; shard 3/3: died");
}

TEST(MergeTest, AShardThatEndedAtItsFirstFailureIsMissingTheRest) {
  const auto whole = plain_run(8);
  auto logs = logs_of(whole, 2, ShardMethod::kSlice);
  logs[1].log.run.results.pop_back();
  EXPECT_THAT(mistakes_of(logs),
              ElementsAre(HasSubstr("shard 2/2 ended early: 3 of 4 scenarios finished\n")));
  EXPECT_TRUE(merged(logs, true).run.interrupted);
}

TEST(MergeTest, APartialRunTakesAnInterruptedLogThatWasMadeAnew) {
  const auto whole = plain_run(8);
  auto second = part_of(whole, {2, 2}, ShardMethod::kSlice);
  second.interrupted = true;
  second.results.pop_back();
  const std::vector<ShardLog> logs{log_of(part_of(whole, {1, 2}, ShardMethod::kSlice)),
                                   {"2.ndjson", good_log(written(kNdjsonReport, second))}};
  EXPECT_THAT(mistakes_of(logs), Not(IsEmpty()));
  EXPECT_EQ(merged(logs, true).run.results.size(), 7U);
}

TEST(MergeTest, OfAShardThatWasRunAgainTheLastRunCounts) {
  const auto whole = plain_run(4);
  auto again = part_of(whole, {2, 2}, ShardMethod::kSlice);
  again.started += seconds(60);
  for (auto& result : again.results) result.verdict = Verdict::kFail;
  for (const bool first : {false, true}) {
    auto logs = logs_of(whole, 2);
    ShardLog retry = log_of(again);
    retry.file = "retry.ndjson";
    logs.insert(first ? logs.begin() : logs.end(), retry);
    const auto made = merged(std::move(logs));
    EXPECT_EQ(count(made.run.results).fail, 2);
    EXPECT_EQ(count(made.run.results).pass, 2);
    EXPECT_THAT(made.notes, ElementsAre("shard 2/2 was run again: retry.ndjson counts, and "
                                        "2.ndjson is passed over"));
  }
}

TEST(MergeTest, TheSameLogTwiceIsAMistake) {
  auto logs = logs_of(plain_run(4), 2);
  logs.push_back(logs.front());
  logs.back().file = "copy.ndjson";
  EXPECT_THAT(mistakes_of(logs),
              ElementsAre(HasSubstr("copy.ndjson:1:1: shard 1/2 began at the same moment in "
                                    "1.ndjson: which one counts?")));
}

TEST(MergeTest, AWholeRunIsNoShard) {
  auto logs = logs_of(plain_run(4), 2);
  logs.push_back(log_of(plain_run(4)));
  EXPECT_THAT(mistakes_of(logs), ElementsAre(HasSubstr("0.ndjson:1:1: this run is no shard of")));
}

/// What two shards say where the second was changed.
std::vector<std::string> mistakes_with(const std::function<void(ReadLog&)>& change) {
  auto logs = logs_of(plain_run(6), 2);
  change(logs[1].log);
  return mistakes_of(std::move(logs));
}

TEST(MergeTest, ShardsOfDifferentRunsAreMistakes) {
  EXPECT_THAT(mistakes_with([](ReadLog& log) { log.run.shard->shard.total = 3; }),
              ElementsAre("2.ndjson:1:1: the number of shards is 3 here, and 2 in 1.ndjson\n"));
  EXPECT_THAT(mistakes_with([](ReadLog& log) { log.run.shard->method = ShardMethod::kHash; }),
              ElementsAre("2.ndjson:1:1: what divides them is hash here, and slice in 1.ndjson\n"));
  EXPECT_THAT(mistakes_with([](ReadLog& log) { log.run.target = "another"; }),
              ElementsAre(HasSubstr("2.ndjson:1:1: the target is 'another' here, and '")));
  EXPECT_THAT(mistakes_with([](ReadLog& log) { log.version = "9.9"; }),
              ElementsAre(HasSubstr("2.ndjson:1:1: dialtone's version is '9.9' here, and '")));
  EXPECT_THAT(mistakes_with([](ReadLog& log) { log.run.shard->whole = 9; }),
              ElementsAre("2.ndjson:1:1: the number of scenarios in all is 9 here, and 6 in "
                          "1.ndjson\n"));
  EXPECT_THAT(mistakes_with([](ReadLog& log) { log.run.shard->suites = "abc"; }),
              ElementsAre(HasSubstr("2.ndjson:1:1: the digest of what the suites say is 'abc'")));
  EXPECT_THAT(mistakes_with([](ReadLog& log) { log.run.shard->options = "abc"; }),
              ElementsAre(HasSubstr("2.ndjson:1:1: the digest of the options is 'abc' here")));
}

TEST(MergeTest, AllThatDiffersIsToldAtOnce) {
  EXPECT_THAT(mistakes_with([](ReadLog& log) {
                log.run.shard->shard.total = 3;
                log.run.target = "another";
                log.version = "9.9";
              }),
              testing::SizeIs(3));
}

TEST(MergeTest, ShardsThatOverlapAreAMistake) {
  EXPECT_THAT(mistakes_with([](ReadLog& log) {
                log.run.shard->places = {2, 3, 4};
              }),
              ElementsAre(HasSubstr("2.ndjson:1:1: shard 2/2 overlaps with shard 1/2 of 1.ndjson: "
                                    "1 scenario in both\n")));
}

TEST(MergeTest, ScenariosThatNoShardHasAreAMistake) {
  EXPECT_THAT(mistakes_with([](ReadLog& log) {
                log.run.shard->places = {3, 5};
                log.run.results.pop_back();
                log.planned = 2;
              }),
              ElementsAre(HasSubstr("1.ndjson:1:1: no shard has 1 of the 6 scenarios\n")));
}

// As of a log that somebody wrote by hand.
TEST(MergeTest, DigestsOfAnyOctetsAreWritten) {
  auto part = part_of(plain_run(4), {2, 2}, ShardMethod::kSlice);
  part.shard->suites = "\xff";
  part.shard->options = "\xfe";
  const auto again = by_log(part);
  EXPECT_EQ(again.shard->suites, "\xff");
  EXPECT_EQ(again.shard->options, "\xfe");
}

TEST(MergeTest, AShardOfNothingIsAPart) {
  const auto whole = plain_run(2);
  auto logs = logs_of(whole, 5);
  EXPECT_TRUE(logs[1].log.run.results.empty());
  EXPECT_THAT(ids_of(merged(std::move(logs)).run), ElementsAre("S-1", "S-2"));
}

TEST(MergeTest, ALogOfAShardMustFitItself) {
  const auto log = written(kNdjsonReport, part_of(plain_run(6), {2, 2}, ShardMethod::kSlice));
  const auto with = [&](std::string_view from, std::string_view to) {
    auto changed = log;
    changed.replace(changed.find(from), from.size(), to);
    const auto read = read_text_log(changed);
    const auto* mistake = std::get_if<Diagnostic>(&read);
    return mistake == nullptr ? "" : render(*mistake);
  };
  EXPECT_EQ(with(R"("index":2)", R"("index":2)"), "");
  EXPECT_THAT(with(R"("index":2)", R"("index":3)"), HasSubstr("3 is not in 1 to 2"));
  EXPECT_THAT(with(R"("by":"slice")", R"("by":"luck")"), HasSubstr("there is no by 'luck'"));
  EXPECT_THAT(with("[4,5,6]", "[4,6,5]"), HasSubstr("5 stands after 6"));
  EXPECT_THAT(with("[4,5,6]", "[4,5,7]"), HasSubstr("7 is not in 1 to 6"));
  EXPECT_THAT(with("[4,5,6]", "[4,5]"), HasSubstr("3 planned, but the shard has 2"));
}

TEST(MergeTest, TheLogOfAShardThatStoppedEarlyCanBeWrittenAgain) {
  auto part = part_of(plain_run(8), {2, 2}, ShardMethod::kSlice);
  part.results.erase(part.results.begin() + 1);  // as after --fail-fast
  const auto again = by_log(part);
  EXPECT_EQ(again.shard->places, (std::vector<std::size_t>{4, 6, 7}));
  EXPECT_EQ(again.results.size(), 3U);
}

}  // namespace
}  // namespace dialtone
