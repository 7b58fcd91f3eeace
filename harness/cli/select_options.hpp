#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "harness/model/plan.hpp"

namespace dialtone {

/// The options that say which scenarios, as `run` and `list` take them.
struct SelectOptions {
  std::vector<std::string> paths;
  std::vector<std::string> filters;
  std::vector<std::string> excludes;
  std::vector<std::string> tags;
  std::string level = "MAY";
  int repeat = 1;

  Selection selection() const;
};

void add_select_options(CLI::App& command, SelectOptions& options);

}  // namespace dialtone
