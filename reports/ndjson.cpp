#include "reports/ndjson.hpp"

#include <ostream>
#include <vector>

#include "harness/model/result.hpp"
#include "reports/log_writer.hpp"

namespace dialtone {
namespace {

std::vector<PlannedScenario> plan_of(const RunResult& run) {
  std::vector<PlannedScenario> plan;
  for (const auto& result : run.results)
    plan.push_back({result.suite, result.scenario, result.repetition, std::nullopt});
  return plan;
}

/// The result, with the number of the run that now has its events.
ScenarioResult logged(LogWriter& log, std::size_t place, ScenarioResult result) {
  result.run = log.begin(place, {});
  for (const auto& event : result.transcript) log.add(result.run, event);
  return result;
}

/// Its events in the order of the results: when which came to be is not known any more.
void write_ndjson(const RunResult& run, const ReportOptions& /*options*/, std::ostream& out) {
  LogWriter log([&](std::string_view line) { out << line; });
  log.begin_run(run, plan_of(run));
  for (std::size_t place = 0; place < run.results.size(); ++place) {
    for (const auto& attempt : run.results[place].attempts)
      log.failed(place, logged(log, place, attempt));
    log.finish(place, logged(log, place, run.results[place]));
  }
  log.end_run(run);
}

}  // namespace

const ReportFormat kNdjsonReport{
    .name = "ndjson",
    .summary = "the event log, one JSON object a line, written as things happen",
    .variants = {},
    .write = write_ndjson,
    .wants_all = true};

}  // namespace dialtone
