#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "harness/cli/commands.hpp"
#include "harness/cli/ctest_script.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/select_options.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

struct CtestArguments {
  SelectOptions select;
  TargetOptions target;
  CtestOptions ctest;
  std::vector<std::string> run_arguments;
  std::vector<std::string> properties;  ///< NAME=VALUE
};

/// nullopt after the mistake was printed.
std::optional<CtestOptions> ctest_options(const CtestArguments& arguments) {
  auto options = arguments.ctest;
  for (const auto& written : arguments.properties) {
    const auto equals = written.find('=');
    if (equals == std::string::npos || equals == 0) {
      print_error(fmt::format("--property: '{}' gives no property a value", written),
                  "--property TIMEOUT=60");
      return std::nullopt;
    }
    options.properties.emplace_back(written.substr(0, equals), written.substr(equals + 1));
  }
  auto target = arguments.target;
  if (std::filesystem::is_regular_file(target.target))
    target.target = std::filesystem::absolute(target.target).string();
  options.command = {own_path(), "run"};
  options.arguments = target_words(target);
  options.arguments.insert(options.arguments.end(), arguments.run_arguments.begin(),
                           arguments.run_arguments.end());
  return options;
}

/// Each test is a run of its own, so only CTest can keep two of them from the target at once.
bool bears_one_at_a_time(const Target& target) {
  return target.most_at_once() == 1 ||
         (target.concurrency() == 1 && !target.provides().contains("process"));
}

/// CTest would run the one as often as there are others of its name.
bool names_differ(const std::vector<PlannedScenario>& planned, std::string_view prefix) {
  std::set<std::string> seen;
  for (const auto& each : planned) {
    auto name = ctest_name(each, prefix);
    if (seen.insert(name).second) continue;
    print_error(fmt::format("two scenarios would be the test '{}'", name),
                "suites that run together need names of their own");
    return false;
  }
  return true;
}

int print_script(const CtestArguments& arguments) {
  auto options = ctest_options(arguments);
  auto chosen = choose_target(arguments.target);
  Diagnostics diagnostics;
  if (const auto* mistakes = std::get_if<Diagnostics>(&chosen)) diagnostics = *mistakes;
  LoadOptions load{step_registry(), {}, {}};
  if (auto* good = std::get_if<ChosenTarget>(&chosen)) load = good->load_options();
  const auto loaded = load_suites(find_suites(arguments.select.paths, diagnostics), load);
  diagnostics.insert(diagnostics.end(), loaded.diagnostics.begin(), loaded.diagnostics.end());
  print_diagnostics(diagnostics);
  if (!diagnostics.empty() || !options) return kUsage;
  const auto& target = std::get<ChosenTarget>(chosen);
  const auto planned = plan(loaded.suites, target.provides(), arguments.select.selection());
  if (planned.empty()) {
    print_error("no scenario matches the selection");
    return kNothingChecked;
  }
  if (!names_differ(planned, options->prefix)) return kUsage;
  if (bears_one_at_a_time(*target.target))
    options->properties.emplace_back("RESOURCE_LOCK", "dialtone");
  std::cout << ctest_script(planned, *options);
  return kAllPassed;
}

}  // namespace

void add_ctest_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<CtestArguments>();
  auto* command =
      app.add_subcommand("ctest",
                         "Print a file for CTest in which each scenario is a test, as CMake's "
                         "dialtone_discover_tests() does");
  add_select_options(*command, arguments->select);
  add_target_options(*command, arguments->target);
  command->add_option("--prefix", arguments->ctest.prefix, "Of the tests' names");
  command
      ->add_option("--label", arguments->ctest.labels,
                   "A label, besides the suite, the level and the tags; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--property", arguments->properties,
                   "NAME=VALUE: a property of each test, such as TIMEOUT=60; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--run-arg", arguments->run_arguments,
                   "An argument more for 'dialtone run', such as --run-arg=--strict; repeatable")
      ->allow_extra_args(false);
  command->add_option("--skip-code", arguments->ctest.skip_code, "Exit code that means skipped; 77")
      ->check(CLI::Range(0, 255));
  command->callback([arguments, &exit_code] { exit_code = print_script(*arguments); });
}

}  // namespace dialtone
