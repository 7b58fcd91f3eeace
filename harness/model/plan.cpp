#include "harness/model/plan.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "harness/model/capability.hpp"

namespace dialtone {
namespace {

bool matches(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

std::optional<std::string> skip_reason(const Scenario& scenario,
                                       const std::set<std::string>& provided) {
  if (auto missing = missing_capability(scenario.needs, provided)) return missing;
  return scenario.excluded.empty() ? std::nullopt : std::optional(scenario.excluded);
}

}  // namespace

bool is_selected(const Suite& suite, const Scenario& scenario, const Selection& selection) {
  const auto path = suite.name + "/" + scenario.id;
  const auto names_it = [&](const std::string& pattern) {
    return matches(pattern, scenario.id) || matches(pattern, path);
  };
  const auto has_tag = [&](const std::string& tag) {
    return std::ranges::find(scenario.tags, tag) != scenario.tags.end();
  };
  if (scenario.level > selection.lowest) return false;
  if (!selection.filters.empty() && !std::ranges::any_of(selection.filters, names_it)) return false;
  if (!selection.tags.empty() && !std::ranges::any_of(selection.tags, has_tag)) return false;
  return !std::ranges::any_of(selection.excludes, names_it);
}

std::vector<PlannedScenario> plan(const std::vector<std::shared_ptr<const Suite>>& suites,
                                  const std::set<std::string>& provided,
                                  const Selection& selection) {
  std::vector<PlannedScenario> planned;
  for (int repetition = 1; repetition <= selection.repeat; ++repetition) {
    for (const auto& suite : suites) {
      for (const auto& scenario : suite->scenarios) {
        if (!is_selected(*suite, scenario, selection)) continue;
        planned.push_back({suite, &scenario, repetition, skip_reason(scenario, provided)});
      }
    }
  }
  return planned;
}

}  // namespace dialtone
