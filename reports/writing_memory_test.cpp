// Reports of long runs: they are written as a stream, and stay as small as CI systems take them.
#include "reports/writing_memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <sstream>
#include <string>

#include "harness/model/scenario.hpp"
#include "reports/ctrf.hpp"
#include "reports/junit.hpp"
#include "reports/sample_run.hpp"
#include "reports/tap.hpp"
#include "reports/xml_check.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kMegabyte = 1'000'000;
// The names take one (junit_names.hpp), one case with all its evidence less than another.
constexpr std::size_t kFewMegabytes = 3 * kMegabyte;

std::string written(const ReportFormat& format, const RunResult& run,
                    const ReportOptions& options = {}) {
  std::ostringstream out;
  format.write(run, options, out);
  return out.str();
}

TEST(WritingMemoryTest, SeesAWriterThatHoldsTheDocument) {
  const ReportFormat hoarder{
      .name = "hoarder",
      .summary = {},
      .variants = {},
      .write = [](const RunResult& run, const ReportOptions& options, std::ostream& out) {
        out << written(kJunitReport, run, options);
      }};
  const auto run = long_run(20'000);
  const auto cost = measure_writing(hoarder, run);
  EXPECT_EQ(cost.octets, written(kJunitReport, run).size());
  EXPECT_GT(cost.memory, cost.octets);
  EXPECT_GT(cost.memory, kFewMegabytes);
}

TEST(WritingMemoryTest, JunitOfAHundredThousandScenariosNeedsNoMoreThanThatOfAFew) {
  const auto run = long_run();
  for (const std::string variant : {"portable", "jenkins-xunit"}) {
    const auto cost = measure_writing(kJunitReport, run, {.variant = variant, .root = {}});
    EXPECT_GT(cost.octets, 10 * kMegabyte) << variant;
    EXPECT_LT(cost.memory, kFewMegabytes) << variant;
  }
}

TEST(WritingMemoryTest, SoDoTapAndCtrf) {
  const auto run = long_run();
  EXPECT_LT(measure_writing(kTapReport, run).memory, kFewMegabytes);
  EXPECT_LT(measure_writing(kCtrfReport, run).memory, kFewMegabytes);
}

// Check 11 of what readers of JUnit need. GitLab takes no larger file.
TEST(WritingMemoryTest, JunitOfAHundredThousandScenariosStaysUnder30Megabytes) {
  const auto document = written(kJunitReport, long_run());
  EXPECT_LT(document.size(), 30 * kMegabyte);
  EXPECT_NE(document.find("evidence left out"), std::string::npos);
  EXPECT_EQ(xml_complaints(document), "");
}

TEST(WritingMemoryTest, JunitStaysSoWhereAllFailThreeTimes) {
  auto run = long_run();
  const auto failed = run.results[0];
  for (auto& result : run.results) {
    result.verdict = Verdict::kFail;
    result.problem = failed.problem;
    auto attempt = result;
    attempt.outputs.clear();
    result.attempts = {attempt, attempt};
  }
  const auto cost = measure_writing(kJunitReport, run);
  EXPECT_LT(cost.octets, 30 * kMegabyte);
  EXPECT_LT(cost.memory, kFewMegabytes);
}

TEST(WritingMemoryTest, CtrfOfAHundredThousandScenariosStaysUnder60Megabytes) {
  const auto document = written(kCtrfReport, long_run());
  EXPECT_LT(document.size(), 60 * kMegabyte);
  EXPECT_NE(document.find("evidence left out"), std::string::npos);
}

}  // namespace
}  // namespace dialtone
