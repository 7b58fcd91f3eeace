#pragma once

#include <CLI/App.hpp>
#include <string>

namespace dialtone {

/// dialtone(1): what the command line knows, as `app` describes it.
std::string man_of_program(const CLI::App& app);

/// dialtone-scenario(5): suites, scenarios and their steps, from what the loader reads them by.
std::string man_of_scenarios();

}  // namespace dialtone
