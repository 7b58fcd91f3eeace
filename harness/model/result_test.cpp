#include "harness/model/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

ScenarioResult result_of(std::string file, std::string id) {
  auto suite = std::make_shared<Suite>();
  suite->file = std::move(file);
  suite->scenarios.emplace_back().id = std::move(id);
  ScenarioResult result;
  result.scenario = &suite->scenarios.front();
  result.suite = std::move(suite);
  return result;
}

TEST(VerdictTest, EveryVerdictHasAWordOfItsOwn) {
  std::string words;
  for (const auto verdict : kVerdicts) words += std::string(name_of(verdict)) + " ";
  EXPECT_EQ(words, "pass fail warn error known skip ");
}

TEST(TotalsTest, CountsEveryVerdictApart) {
  std::vector<ScenarioResult> results;
  int copies = 0;
  for (const auto verdict : kVerdicts) {
    ++copies;
    for (int i = 0; i < copies; ++i) results.emplace_back().verdict = verdict;
  }
  const auto totals = count(results);
  EXPECT_EQ(totals.pass, 1);
  EXPECT_EQ(totals.fail, 2);
  EXPECT_EQ(totals.warn, 3);
  EXPECT_EQ(totals.error, 4);
  EXPECT_EQ(totals.known, 5);
  EXPECT_EQ(totals.skip, 6);
  EXPECT_EQ(totals.all(), 21);
}

TEST(DisplayNameTest, IsTheIdOfAScenarioThatRanOnce) {
  EXPECT_EQ(display_name(result_of("a.json", "ART-09")), "ART-09");
}

TEST(DisplayNameTest, TellsRepetitionsApart) {
  auto result = result_of("a.json", "ART-09");
  result.repetitions = 500;
  result.repetition = 3;
  EXPECT_EQ(display_name(result), "ART-09 [3/500]");
}

TEST(RerunCommandTest, NamesTheFileAndTheScenario) {
  RunResult run;
  run.rerun = "dialtone run --target x.json";
  EXPECT_EQ(rerun_command(run, result_of("scenarios/a.json", "ART-09")),
            "dialtone run --target x.json scenarios/a.json --filter ART-09");
}

TEST(RerunCommandTest, QuotesWhatAShellWouldRead) {
  RunResult run;
  run.rerun = "dialtone run";
  EXPECT_EQ(rerun_command(run, result_of("my files/$(id).json", "it's; ok")),
            R"(dialtone run 'my files/$(id).json' --filter 'it'\''s; ok')");
}

TEST(RerunCommandTest, AFileIsNoOption) {
  RunResult run;
  run.rerun = "dialtone run";
  EXPECT_EQ(rerun_command(run, result_of("-dash.json", "A-1")),
            "dialtone run ./-dash.json --filter A-1");
}

}  // namespace
}  // namespace dialtone
