#include "reports/recorded_times.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>

#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/log_test_support.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

std::variant<ScenarioTimes, Diagnostic> times_in(const std::string& text) {
  std::istringstream in(text);
  return read_times("earlier", in);
}

/// S-1 took 2 and 4 ms, S-2 7 ms.
RunResult earlier_run() {
  auto run = make_run();
  const auto suite = make_suite(2);
  for (const auto& [index, took] : {std::pair(0, 2), {1, 7}, {0, 4}}) {
    run.results.push_back(make_result(suite, static_cast<std::size_t>(index), Verdict::kPass));
    run.results.back().took = milliseconds(took);
  }
  return run;
}

const auto kTimes = ElementsAre(Pair("article.samples/S-1", milliseconds(3)),
                                Pair("article.samples/S-2", milliseconds(7)));

TEST(RecordedTimesTest, AreInAnEventLogAndInTheReportJson) {
  for (const auto* format : {&kNdjsonReport, &kJsonReport})
    EXPECT_THAT(std::get<ScenarioTimes>(times_in(written(*format, earlier_run()))), kTimes)
        << format->name;
}

TEST(RecordedTimesTest, OfARunThatWasKilledAreThoseOfWhatHadEnded) {
  auto log = written(kNdjsonReport, earlier_run());
  log.resize(log.rfind(R"({"type":"scenario_finished")") + 20);
  const auto times = std::get<ScenarioTimes>(times_in(log));
  EXPECT_EQ(times.at("article.samples/S-1"), milliseconds(2));
}

TEST(RecordedTimesTest, NothingElseHasThem) {
  for (const auto& text :
       {std::string(), std::string("{}"), std::string("[1]"), written(kJunitReport, earlier_run())})
    EXPECT_THAT(render(std::get<Diagnostic>(times_in(text))),
                StartsWith("earlier:1:1: this is neither the event log"))
        << text;
}

TEST(RecordedTimesTest, AMistakeInAReportHasItsLine) {
  auto json = written(kJsonReport, earlier_run());
  const std::string_view took = R"("took_ns":7000000)";
  json.replace(json.find(took), took.size(), R"("took_ns":"long")");
  const auto mistake = render(std::get<Diagnostic>(times_in(json)));
  EXPECT_THAT(mistake, HasSubstr("here must stand a whole number, not a string"));
  const auto line = std::count(json.begin(), json.begin() + json.find("\"long\""), '\n') + 1;
  EXPECT_THAT(mistake, StartsWith("earlier:" + std::to_string(line) + ":"));
  EXPECT_GT(line, 1);
}

}  // namespace
}  // namespace dialtone
