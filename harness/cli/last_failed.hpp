#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/model/plan.hpp"
#include "harness/model/result.hpp"

namespace dialtone {

/// Which scenarios failed when they were last run from the current directory: what `run --failed`
/// selects. Kept in a file for each directory, in "dialtone/failed" of the user's state directory
/// (XDG Base Directory Specification 0.8: XDG_STATE_HOME, else ~/.local/state), never beside the
/// suites.
class LastFailed {
 public:
  /// What the file says; nothing where there is none, or where it cannot be read.
  static LastFailed here();

  /// "suite/id" of each.
  const std::set<std::string>& names() const { return names_; }

  /// Keeps of the plan what failed last.
  void select(std::vector<PlannedScenario>& plan) const;

  /// What ran and failed is added, what ran and did not fail is taken out, and the file is written
  /// anew where that changed anything. A text where that was not possible.
  std::optional<std::string> update(const RunResult& run);

 private:
  std::set<std::string> after(const RunResult& run) const;

  std::string file_;       // empty: the user has no state directory
  std::string directory_;  // the current one
  std::set<std::string> names_;
};

}  // namespace dialtone
