#include "reports/junit_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "harness/model/scenario.hpp"

namespace dialtone::junit {
namespace {

/// Gives every case a (classname, name) of its own: readers drop the second of two equal ones.
class Names {
 public:
  /// The wanted name, or that with the first free "[2]", "[3]"...
  std::string claim(const std::string& classname, const std::string& wanted) {
    auto& taken = taken_[classname];
    if (taken.insert(wanted).second) return wanted;
    auto& number = last_number_[classname + '\0' + wanted];
    for (number = std::max(number, 1);;) {
      auto name = fmt::format("{} [{}]", wanted, ++number);
      if (taken.insert(name).second) return name;
    }
  }

 private:
  std::map<std::string, std::set<std::string>> taken_;
  std::map<std::string, int> last_number_;
};

std::string wanted_name(const ScenarioResult& result) {
  const auto& title = result.scenario->title;
  return title.empty() ? display_name(result) : display_name(result) + ": " + title;
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

std::vector<Group> group_by_file(const RunResult& run) {
  std::vector<Group> groups;
  std::map<std::string_view, std::size_t> index_of_file;
  Names names;
  for (const auto& result : run.results) {
    const auto [found, is_new] = index_of_file.emplace(result.suite->file, groups.size());
    if (is_new) groups.push_back({.suite = result.suite.get()});
    auto& group = groups[found->second];
    const auto wanted = wanted_name(result);
    auto name = names.claim(group.suite->name, wanted);
    if (name != wanted && group.renamed++ == 0) group.first_renamed = name;
    group.counters.add(outcome_of(result.verdict, run.strict), milliseconds(result.took));
    group.started = std::min(group.started, result.started);
    group.cases.push_back({&result, std::move(name)});
  }
  return groups;
}

Counters sum(const std::vector<Group>& groups) {
  Counters all;
  for (const auto& group : groups) {
    all.tests += group.counters.tests;
    all.failures += group.counters.failures;
    all.errors += group.counters.errors;
    all.skipped += group.counters.skipped;
    all.milliseconds += group.counters.milliseconds;
  }
  return all;
}

}  // namespace dialtone::junit
