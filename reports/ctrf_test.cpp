#include "reports/ctrf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "reports/comma_locale.hpp"
#include "reports/golden.hpp"
#include "reports/hostile_run.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string written(const RunResult& run, const ReportOptions& options = {}) {
  std::ostringstream out;
  kCtrfReport.write(run, options, out);
  return out.str();
}

json read(const RunResult& run, const ReportOptions& options = {}) {
  return json::parse(written(run, options)).at("results");
}

TEST(CtrfTest, Golden) {
  const std::regex version(R"re("version":"[^"]*")re");
  expect_golden("ctrf.json",
                std::regex_replace(written(sample_run()), version, R"("version":"VERSION")"));
}

TEST(CtrfTest, TheSummaryCountsTheTests) {
  for (const bool strict : {false, true}) {
    auto run = sample_run();
    run.strict = strict;
    const auto results = read(run);
    std::map<std::string, int> statuses;
    for (const auto& test : results.at("tests")) ++statuses[test.at("status")];
    const auto& summary = results.at("summary");
    for (const std::string status : {"passed", "failed", "skipped", "pending", "other"})
      EXPECT_EQ(summary.at(status), statuses[status]) << status;
    EXPECT_EQ(summary.at("tests"), results.at("tests").size());
    EXPECT_EQ(summary.at("failed"), strict ? 3 : 2);
    EXPECT_EQ(summary.at("suites"), 2);
    EXPECT_EQ(summary.at("stop").get<std::int64_t>() - summary.at("start").get<std::int64_t>(),
              420);
  }
}

TEST(CtrfTest, TheVerdictItselfIsTheRawStatus) {
  std::vector<std::string> verdicts;
  const auto results = read(sample_run());
  for (const auto& test : results.at("tests")) verdicts.push_back(test.at("rawStatus"));
  EXPECT_THAT(verdicts, testing::ElementsAre("fail", "pass", "warn", "known", "skip", "error"));
}

TEST(CtrfTest, ARepetitionThatPassesBesideFailuresIsFlaky) {
  auto run = make_run();
  const auto suite = make_suite(2);
  for (int repetition = 1; repetition <= 3; ++repetition) {
    for (const std::size_t scenario : {0U, 1U}) {
      const bool fails = scenario == 0 && repetition == 2;
      auto result = make_result(suite, scenario, fails ? Verdict::kFail : Verdict::kPass);
      result.repetition = repetition;
      result.repetitions = 3;
      run.results.push_back(std::move(result));
    }
  }
  const auto results = read(run);
  EXPECT_EQ(results.at("summary").at("flaky"), 2);
  std::vector<std::string> flaky;
  for (const auto& test : results.at("tests"))
    if (test.value("flaky", false)) flaky.push_back(test.at("name"));
  EXPECT_THAT(flaky, testing::ElementsAre(HasSubstr("S-1 [1/3]"), HasSubstr("S-1 [3/3]")));
}

TEST(CtrfTest, All256OctetsLeaveAValidDocument) {
  const auto text = written(run_with(all_octets()));
  EXPECT_THAT(text, Not(testing::ContainsRegex("[\x01-\x08\x0b-\x1f\x7f]")));
  const auto test = json::parse(text).at("results").at("tests").at(0);
  EXPECT_THAT(test.at("trace").get<std::string>(), HasSubstr("\\x00\\x01\\x02"));
  EXPECT_THAT(test.at("stdout").at(1).get<std::string>(), testing::StartsWith("\\x00\\x01"));
}

TEST(CtrfTest, TextsAreCapped) { EXPECT_LT(written(run_with_a_flood()).size(), 1'500'000U); }

TEST(CtrfTest, TellsOfTheAttemptsOfWhatWasRunAgain) {
  const auto results = read(retried_run());
  EXPECT_EQ(results.at("summary").at("flaky"), 1);
  const auto& flaky = results.at("tests").at(0);
  EXPECT_EQ(flaky.at("status"), "passed");
  EXPECT_EQ(flaky.at("flaky"), true);
  EXPECT_EQ(flaky.at("retries"), 2);
  ASSERT_EQ(flaky.at("retryAttempts").size(), 2U);
  const auto& second = flaky.at("retryAttempts").at(1);
  EXPECT_EQ(second.at("attempt"), 2);
  EXPECT_EQ(second.at("status"), "failed");
  EXPECT_EQ(second.at("message"), "the harness itself was late by 3.10 s");
  EXPECT_THAT(second.at("trace").get<std::string>(), HasSubstr("RST"));
  const auto& failed = results.at("tests").at(3);
  EXPECT_FALSE(failed.contains("flaky"));
  EXPECT_EQ(failed.at("retries"), 2);
  EXPECT_FALSE(results.at("tests").at(2).contains("retries"));
}

TEST(CtrfTest, PathsAreRelativeToTheRoot) {
  auto run = make_run();
  run.results.push_back(make_result(make_suite(1, "/repo/scenarios/a.json"), 0, Verdict::kFail));
  const auto test = read(run, {.variant = {}, .root = "/repo"}).at("tests").at(0);
  EXPECT_EQ(test.at("filePath"), "scenarios/a.json");
  EXPECT_EQ(test.at("line"), 1);
}

TEST(CtrfTest, TheCapturesOfATestAreNamed) {
  ReportOptions options;
  options.root = "/repo";
  options.attachments = {{"/repo/captures/a.pcapng"}};
  const auto tests = read(sample_run(), options).at("tests");
  const auto& attachment = tests.at(0).at("attachments").at(0);
  EXPECT_EQ(attachment.at("path"), "captures/a.pcapng");
  EXPECT_EQ(attachment.at("name"), "a.pcapng");
  EXPECT_EQ(attachment.at("contentType"), "application/x-pcapng");
  EXPECT_FALSE(tests.at(1).contains("attachments"));
  options.absolute_attachments = true;
  EXPECT_EQ(read(sample_run(), options).at("tests").at(0).at("attachments").at(0).at("path"),
            "/repo/captures/a.pcapng");
}

TEST(CtrfTest, AnInterruptedRunSaysSo) {
  auto run = sample_run();
  run.interrupted = true;
  EXPECT_EQ(read(run).at("summary").at("extra").at("interrupted"), true);
  EXPECT_FALSE(read(sample_run()).at("summary").contains("extra"));
}

TEST(CtrfTest, ARunWithoutScenariosIsValid) {
  EXPECT_EQ(read(make_run()).at("tests"), json::array());
  EXPECT_EQ(read(make_run()).at("summary").at("tests"), 0);
}

TEST(CtrfTest, NumbersAreTheSameUnderACommaLocale) {
  const CommaLocale locale;
  auto run = make_run();
  const auto suite = make_suite(1200);
  for (std::size_t i = 0; i < 1200; ++i)
    run.results.push_back(make_result(suite, i, Verdict::kPass));
  EXPECT_EQ(read(run).at("tests").at(1199).at("line"), 1200);
}

}  // namespace
}  // namespace dialtone
