#include "reports/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "harness/model/duration.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kMostIds = 20;

std::string subject(const RunResult& run) {
  const auto& results = run.results;
  std::set<const Scenario*> scenarios;
  for (const auto& result : results) scenarios.insert(result.scenario);
  const auto is_repeated =
      std::ranges::any_of(results, [](const auto& result) { return result.repetitions > 1; });
  const auto counted = plural(scenarios.size(), "scenario");
  return is_repeated ? fmt::format("{} of {}", plural(results.size(), "run"), counted) : counted;
}

bool did_fail(Verdict verdict, bool strict) {
  return verdict == Verdict::kFail || verdict == Verdict::kError ||
         (verdict == Verdict::kWarn && strict);
}

}  // namespace

std::string summary_line(const RunResult& run) {
  const auto totals = count(run.results);
  const auto flaky = totals.flaky > 0 ? fmt::format(" ({} flaky)", totals.flaky) : std::string();
  auto line =
      fmt::format("{}: {} passed{}, {} failed", subject(run), totals.pass, flaky, totals.fail);
  if (totals.warn > 0) line += ", " + plural(static_cast<std::size_t>(totals.warn), "warning");
  if (totals.error > 0) line += ", " + plural(static_cast<std::size_t>(totals.error), "error");
  if (totals.known > 0) line += fmt::format(", {} known to fail", totals.known);
  line += fmt::format(", {} skipped in {}", totals.skip, humanize(run.took));
  if (totals.all() == totals.skip) line += "; nothing was checked";
  return line;
}

std::string failed_line(const RunResult& run) {
  std::vector<std::string> ids;
  std::set<const Scenario*> seen;
  for (const auto& result : run.results) {
    if (!did_fail(result.verdict, run.strict) || !seen.insert(result.scenario).second) continue;
    ids.push_back(printable(result.scenario->id));
  }
  if (ids.empty()) return {};
  const auto shown = std::min(ids.size(), kMostIds);
  const auto more = ids.size() - shown;
  ids.resize(shown);
  return fmt::format("failed: {}{}", fmt::join(ids, ", "),
                     more == 0 ? "" : fmt::format(" and {} more", more));
}

}  // namespace dialtone
