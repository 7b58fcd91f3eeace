#include "reports/junit_groups.hpp"

#include <algorithm>
#include <chrono>

#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone::junit {
namespace {

/// As it will be written: what differs only in octets that look alike there is not unique.
std::string wanted_name(const ScenarioResult& result) {
  const auto& title = result.scenario->title;
  return printable(title.empty() ? display_name(result) : display_name(result) + ": " + title);
}

}  // namespace

Outcome outcome_of(Verdict verdict, bool strict) {
  switch (verdict) {
    case Verdict::kPass: return Outcome::kPassed;
    case Verdict::kFail: return Outcome::kFailure;
    case Verdict::kWarn: return strict ? Outcome::kFailure : Outcome::kSkipped;
    case Verdict::kError: return Outcome::kError;
    case Verdict::kKnown:
    case Verdict::kSkip: return Outcome::kSkipped;
  }
  return Outcome::kError;
}

std::int64_t milliseconds(Duration duration) {
  return std::chrono::round<std::chrono::milliseconds>(duration).count();
}

void Counters::add(Outcome outcome, std::int64_t took) {
  ++tests;
  if (outcome == Outcome::kFailure) ++failures;
  if (outcome == Outcome::kError) ++errors;
  if (outcome == Outcome::kSkipped) ++skipped;
  milliseconds += took;
}

Groups::Groups(const RunResult& run) : run_(run) {
  for (std::size_t at = 0; at < run.results.size(); ++at) {
    const auto& result = run.results[at];
    auto& group = group_of(*result.suite);
    if (group.spans.empty() || group.spans.back().end != at) group.spans.push_back({at, at});
    group.spans.back().end = at + 1;
    group.counters.add(outcome_of(result.verdict, run.strict), milliseconds(result.took));
    group.started = std::min(group.started, result.started);
    names_.expect(printable(group.suite->name), wanted_name(result));
  }
  if (names_.has_repetitions()) count_renamed();
}

Group& Groups::group_of(const Suite& suite) {
  const auto [found, is_new] = index_of_file_.emplace(suite.file, groups_.size());
  if (is_new) groups_.push_back({.suite = &suite});
  return groups_[found->second];
}

void Groups::count_renamed() {
  for (auto& group : groups_) {
    each_case(group, [&](const Case& each) {
      if (each.name != wanted_name(*each.result) && group.renamed++ == 0)
        group.first_renamed = each.name;
    });
  }
  names_.restart();
}

void Groups::each_case(const Group& group, const std::function<void(const Case&)>& show) {
  const auto classname = printable(group.suite->name);
  for (const auto& span : group.spans) {
    for (auto at = span.begin; at < span.end; ++at) {
      const auto& result = run_.results[at];
      show({&result, at, names_.claim(classname, wanted_name(result))});
    }
  }
}

Counters Groups::sum() const {
  Counters all;
  for (const auto& group : groups_) {
    all.tests += group.counters.tests;
    all.failures += group.counters.failures;
    all.errors += group.counters.errors;
    all.skipped += group.counters.skipped;
    all.milliseconds += group.counters.milliseconds;
  }
  return all;
}

}  // namespace dialtone::junit
