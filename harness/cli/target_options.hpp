#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/variables.hpp"
#include "harness/net/endpoint.hpp"

namespace dialtone {

/// The options that say what is tested, as several commands take them.
struct TargetOptions {
  std::string target;  ///< "host:port", a profile's file, or empty for the built-in server
  std::vector<std::string> variables;  ///< "name=value"
  std::vector<std::string> provides;   ///< for a bare address
  std::string fault;                   ///< for the built-in server
  double time_scale = 1.0;
};

void add_target_options(CLI::App& command, TargetOptions& options);

struct ChosenTarget {
  std::unique_ptr<Target> target;
  Variables variables;  ///< of the command line, then of the profile
};

/// What the options name. Mistakes of the profile or the options are returned, all of them.
std::variant<ChosenTarget, Diagnostics> choose_target(const TargetOptions& options);

/// Path of this program.
std::string own_path();

}  // namespace dialtone
