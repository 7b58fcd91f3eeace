#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/framing.hpp"
#include "harness/model/parameter.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/step_spec.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {

struct LoadOptions {
  std::span<const StepSpec* const> steps;  ///< the verbs that there are
  Variables variables;      ///< the profile's and the command line's: they win over a suite's own
  Parameters parameters{};  ///< the profile's
  std::optional<Framing> framing{};  ///< the profile's
  /// The profile's: what speaks with its octets is shown in it. nullopt: in the suite's.
  std::optional<Encoding> encoding{};
  std::set<std::string> provides{};  ///< the target's capabilities; some make a SHOULD a MUST
};

/// Reads one suite from `text`; every mistake in it goes to `diagnostics`. The result is usable
/// only where none was added.
std::shared_ptr<const Suite> load_suite(const std::string& file, std::string_view text,
                                        const LoadOptions& options, Diagnostics& diagnostics);

struct LoadedSuites {
  std::vector<std::shared_ptr<const Suite>>
      suites;               ///< in the order of the paths, directories sorted by name
  Diagnostics diagnostics;  ///< of all files; where there is one, nothing must be run
};

/// Reads files, and directories with all "*.json" below them (less "*.schema.json", and less what
/// is hidden: names that begin with a dot).
LoadedSuites load_suites(const std::vector<std::string>& paths, const LoadOptions& options);

}  // namespace dialtone
