#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/model/scenario.hpp"

namespace dialtone {

/// What the user asked to run. Patterns are globs (`*`, `?`, `[...]`) on the id, or on "suite/id".
struct Selection {
  std::vector<std::string> filters{};   ///< any of them; all where empty
  std::vector<std::string> excludes{};  ///< none of them
  std::vector<std::string> tags{};      ///< any of them; all where empty
  Level lowest = Level::kMay;           ///< SHOULD leaves out the MAYs, MUST the SHOULDs too
  int repeat = 1;
};

struct PlannedScenario {
  std::shared_ptr<const Suite> suite;
  const Scenario* scenario;
  int repetition;                          ///< from 1
  std::optional<std::string> skip_reason;  ///< nullopt: run it
};

/// What to do, in the order of the files; with `repeat`, the whole order again and again. Pure:
/// plans need no socket.
std::vector<PlannedScenario> plan(const std::vector<std::shared_ptr<const Suite>>& suites,
                                  const std::set<std::string>& provided,
                                  const Selection& selection);

bool is_selected(const Suite& suite, const Scenario& scenario, const Selection& selection);

}  // namespace dialtone
