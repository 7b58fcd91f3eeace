// `run --failed`: what failed last, in this directory, and nothing else.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

using Ids = std::set<std::string>;

class FailedTest : public testing::Test {
 protected:
  FailedTest() { environment_ = {{"XDG_STATE_HOME", state_.path()}}; }

  /// A suite "mine" of four scenarios, of which these fail.
  void write_suite(const Ids& failing) {
    std::string scenarios;
    for (const auto* id : {"ONE", "TWO", "THREE", "FOUR"}) {
      const auto* expected = failing.contains(id) ? "something else" : "thank you !";
      scenarios += fmt::format(
          R"({}{{"id": "{}", "title": "t", "steps": [{{"connect": "c"}},
                {{"send": "你在么?", "on": "c"}}, {{"expect": "{}", "on": "c"}}]}})",
          scenarios.empty() ? "" : ",", id, expected);
    }
    suite_ = dir_.write("mine.json", suite_json("mine", scenarios));
  }

  ProgramResult run(Words more) const {
    Words words{"run", suite_};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words, {}, environment_);
  }

  Ids ran(const ProgramResult& result) const {
    Ids ids;
    for (const auto& [id, told] : told_by(result.out)) ids.insert(id);
    return ids;
  }

  TemporaryDirectory dir_;
  TemporaryDirectory state_;
  std::string suite_;
  Environment environment_;
};

TEST_F(FailedTest, RunsWhatFailedUntilItPasses) {
  write_suite({"TWO", "FOUR"});
  run({});
  EXPECT_EQ(ran(run({"--failed"})), (Ids{"TWO", "FOUR"}));
  write_suite({"FOUR"});
  EXPECT_EQ(ran(run({"--failed"})), (Ids{"TWO", "FOUR"}));
  EXPECT_EQ(ran(run({"--failed"})), (Ids{"FOUR"}));
}

TEST_F(FailedTest, WhatWasNotRunMeanwhileIsNotForgotten) {
  write_suite({"TWO", "FOUR"});
  run({});
  run({"--filter", "ONE"});
  EXPECT_EQ(ran(run({"--failed"})), (Ids{"TWO", "FOUR"}));
  EXPECT_EQ(ran(run({"--failed", "--filter", "T*"})), (Ids{"TWO"}));
}

TEST_F(FailedTest, RunsSideBySideForgetNothingOfEachOther) {
  constexpr int kRuns = 8;
  std::vector<std::thread> threads;
  Ids all;
  for (int i = 0; i < kRuns; ++i) {
    const auto id = fmt::format("S-{}", i);
    const auto suite = dir_.write(
        id + ".json", suite_json("side-by-side", fmt::format(R"({{"id": "{}", "title": "t",
                        "steps": [{{"connect": "c"}}, {{"expect": "x", "on": "c", "within": "1ms"}}
                        ]}})",
                                                             id)));
    all.insert(id);
    threads.emplace_back([this, suite] { run_dialtone({"run", suite}, {}, environment_); });
  }
  for (auto& thread : threads) thread.join();
  std::string failed;
  for (const auto& entry : std::filesystem::directory_iterator(state_.path("dialtone/failed")))
    failed += read_text(entry.path());
  for (const auto& id : all) EXPECT_THAT(failed, HasSubstr("side-by-side/" + id + "\""));
}

TEST_F(FailedTest, NothingThatFailedIsNothingChecked) {
  write_suite({});
  run({});
  const auto result = run({"--failed"});
  EXPECT_EQ(result.exit_code, 4) << result.how;
  EXPECT_THAT(result.err, HasSubstr("nothing that is selected failed when it was last run here"));
}

TEST_F(FailedTest, AnotherDirectoryHasItsOwn) {
  write_suite({"TWO"});
  run({});
  auto elsewhere = dialtone_command({"run", suite_, "--failed"});
  elsewhere.argv.insert(elsewhere.argv.begin(), {"/usr/bin/env", "-C", dir_.path()});
  elsewhere.environment = environment_;
  EXPECT_EQ(run_program(elsewhere).exit_code, 4);
}

TEST_F(FailedTest, AStateThatCannotBeKeptSpoilsNoRun) {
  write_suite({"TWO"});
  environment_ = {{"XDG_STATE_HOME", dir_.write("a-file", "") + "/below"}};
  const auto result = run({});
  EXPECT_EQ(result.exit_code, 1) << result.how;
  EXPECT_EQ(result.err, "");
}

TEST_F(FailedTest, ARecordThatIsBrokenIsNone) {
  write_suite({"TWO"});
  run({});
  for (const auto& entry : std::filesystem::directory_iterator(state_.path("dialtone/failed")))
    state_.write("dialtone/failed/" + entry.path().filename().string(), "[1, {");
  EXPECT_EQ(run({"--failed"}).exit_code, 4);
  run({});
  EXPECT_EQ(ran(run({"--failed"})), Ids{"TWO"});
}

}  // namespace
}  // namespace dialtone
