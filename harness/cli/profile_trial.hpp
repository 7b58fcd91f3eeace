#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dialtone {

/// What a target of a profile did when it was tried.
struct ProfileTrial {
  /// For people, lines that each end in LF: why one request did not get its reply; nullopt where it
  /// did.
  std::optional<std::string> problem;
  std::set<std::string> known;     ///< capabilities that follow from the profile itself
  std::vector<std::string> shown;  ///< those that it does not claim, and that the trial showed
  std::vector<std::string>
      lacking;  ///< parameters of scenarios/robust that the profile does not give
};

/// Launches or calls what the profile's `file` names, asks it once, and where it answers tries what
/// else it does.
ProfileTrial try_profile(const std::string& file);

}  // namespace dialtone
