// What went wrong with the target after the last scenario stands in every report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "reports/junit.hpp"
#include "reports/log_test_support.hpp"
#include "reports/registry.hpp"
#include "reports/sample_run.hpp"
#include "reports/xml_check.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto kProblem = "the shared target died: signal 11 (SIGSEGV)";

RunResult run_with_problem(const std::string& problem = kProblem) {
  auto run = sample_run();
  run.target_problem = problem;
  return run;
}

std::string written_as(const ReportFormat& format, const RunResult& run,
                       const std::string& variant = {}) {
  ReportOptions options;
  options.variant = variant;
  std::ostringstream out;
  format.write(run, options, out);
  return out.str();
}

TEST(TargetProblemTest, EveryFormatTellsIt) {
  for (const auto* format : report_formats()) {
    if (format->write == nullptr) continue;
    EXPECT_THAT(written_as(*format, run_with_problem()), HasSubstr(kProblem)) << format->name;
    EXPECT_THAT(written_as(*format, sample_run()), Not(HasSubstr("after the last scenario")))
        << format->name;
  }
  EXPECT_THAT(written_as(*find_report_format("github"), run_with_problem(), "summary"),
              HasSubstr(kProblem));
}

TEST(TargetProblemTest, InJunitItIsACaseOfItsOwnThatErred) {
  for (const auto* variant : {"portable", "jenkins-xunit"}) {
    const auto text = written_as(kJunitReport, run_with_problem(), variant);
    const auto without = written_as(kJunitReport, sample_run(), variant);
    const auto count = [](const std::string& document, const std::string& what) {
      return std::stoi(xpath(document, "string(/testsuites/@" + what + ")"));
    };
    EXPECT_EQ(count(text, "tests"), count(without, "tests") + 1);
    EXPECT_EQ(count(text, "errors"), count(without, "errors") + 1);
    EXPECT_EQ(xpath(text, "string(//testcase[@classname='dialtone']/error/@message)"), kProblem);
    EXPECT_EQ(xpath(text, "count(//testcase)"), xpath(text, "string(/testsuites/@tests)"));
  }
  EXPECT_EQ(schema_complaints(written_as(kJunitReport, run_with_problem(), "jenkins-xunit"),
                              "jenkins-xunit-junit-10.xsd"),
            "");
}

TEST(TargetProblemTest, InCtrfItIsATestOfItsOwnThatFailed) {
  const auto of = [](const RunResult& run) {
    return nlohmann::json::parse(written_as(*find_report_format("ctrf"), run)).at("results");
  };
  const auto results = of(run_with_problem());
  EXPECT_EQ(results.at("tests").back().at("message"), kProblem);
  EXPECT_EQ(results.at("tests").back().at("status"), "failed");
  EXPECT_EQ(results.at("summary").at("tests"), results.at("tests").size());
  EXPECT_EQ(results.at("summary").at("failed"),
            of(sample_run()).at("summary").at("failed").get<int>() + 1);
}

TEST(TargetProblemTest, AnInterruptedRunIsNoGreenOne) {
  auto run = sample_run();
  run.interrupted = true;
  constexpr auto message = "it was interrupted: 6 scenarios finished, the rest has no verdict";
  for (const auto* variant : {"portable", "jenkins-xunit"}) {
    const auto text = written_as(kJunitReport, run, variant);
    EXPECT_EQ(xpath(text, "string(//testcase[@name='the run']/error/@message)"), message);
    EXPECT_EQ(xpath(text, "count(//testcase)"), xpath(text, "string(/testsuites/@tests)"));
  }
  EXPECT_EQ(schema_complaints(written_as(kJunitReport, run, "jenkins-xunit"),
                              "jenkins-xunit-junit-10.xsd"),
            "");
  const auto results =
      nlohmann::json::parse(written_as(*find_report_format("ctrf"), run)).at("results");
  EXPECT_EQ(results.at("tests").back().at("message"), message);
  EXPECT_EQ(results.at("summary").at("tests"), results.at("tests").size());
  EXPECT_THAT(written_as(*find_report_format("github"), run),
              HasSubstr(std::string("::error title=the run::") + message));
}

TEST(TargetProblemTest, TapBailsOut) {
  EXPECT_THAT(written_as(*find_report_format("tap"), run_with_problem("died #1")),
              testing::EndsWith("\nBail out! after the last scenario: died \\#1\n"));
}

TEST(TargetProblemTest, TheLogKeepsIt) {
  const std::string hostile = "died \xff \n::error::x";
  const auto log = written_as(*find_report_format("ndjson"), run_with_problem(hostile));
  EXPECT_EQ(good_log(log).run.target_problem, hostile);
  EXPECT_EQ(good_log(written_as(*find_report_format("ndjson"), sample_run())).run.target_problem,
            "");
}

}  // namespace
}  // namespace dialtone
