#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/plural.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

struct ValidateArguments {
  std::vector<std::string> paths;
  TargetOptions target;
};

int validate(const ValidateArguments& arguments) {
  auto chosen = choose_target(arguments.target);
  Diagnostics diagnostics;
  if (const auto* mistakes = std::get_if<Diagnostics>(&chosen)) diagnostics = *mistakes;
  LoadOptions load{step_registry(), {}, {}};
  if (auto* good = std::get_if<ChosenTarget>(&chosen)) load = good->load_options();
  const auto loaded = load_suites(arguments.paths, load);
  diagnostics.insert(diagnostics.end(), loaded.diagnostics.begin(), loaded.diagnostics.end());
  print_diagnostics(diagnostics);
  if (!diagnostics.empty()) return kUsage;
  std::size_t scenarios = 0;
  for (const auto& suite : loaded.suites) scenarios += suite->scenarios.size();
  std::cout << fmt::format("{} in {}: no mistakes\n", plural(scenarios, "scenario"),
                           plural(loaded.suites.size(), "file"));
  return kAllPassed;
}

}  // namespace

void add_validate_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ValidateArguments>();
  auto* command = app.add_subcommand(
      "validate", "Check suites, and the profile of --target, without running anything");
  command
      ->add_option("paths", arguments->paths,
                   "Suites: files, or directories with all *.json below them")
      ->required();
  add_target_options(*command, arguments->target);
  command->callback([arguments, &exit_code] { exit_code = validate(*arguments); });
}

}  // namespace dialtone
