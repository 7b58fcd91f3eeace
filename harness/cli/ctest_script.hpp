#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/plan.hpp"

namespace dialtone {

/// How CTest shall run each scenario.
struct CtestOptions {
  std::vector<std::string> command;    ///< the program and `run`
  std::vector<std::string> arguments;  ///< what follows the suite's file and the scenario's id
  std::string prefix{};                ///< of the tests' names
  std::vector<std::string> labels{};   ///< besides the suite, the level and the tags
  int skip_code = 77;                  ///< exit code of a run whose scenarios were all skipped
  std::vector<std::pair<std::string, std::string>> properties{};  ///< of each test
};

/// The name of a scenario's test: "PREFIXsuite/ID", with control characters escaped.
std::string ctest_name(const PlannedScenario& planned, std::string_view prefix);

/// A file that CTest includes: `add_test` and `set_tests_properties` for each scenario. Suites are
/// named by absolute paths. In labels ';', '[' and ']' become ',', '(' and ')', since CMake's lists
/// know no other way.
std::string ctest_script(const std::vector<PlannedScenario>& planned, const CtestOptions& options);

/// `text` as an argument of CMake that stands for exactly it: "[=[text]=]" (cmake-language(7),
/// "Bracket Argument").
std::string cmake_argument(std::string_view text);

}  // namespace dialtone
