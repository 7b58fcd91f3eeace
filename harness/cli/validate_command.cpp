#include <fmt/format.h>

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/json_source.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/read_file.hpp"
#include "harness/model/stray_known_failures.hpp"
#include "harness/model/suite_files.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

struct ValidateArguments {
  std::vector<std::string> paths;
  TargetOptions target;
};

/// What was found, and what is wrong with it.
struct Checked {
  std::size_t scenarios = 0;
  std::size_t suites = 0;
  std::size_t profiles = 0;
  Diagnostics diagnostics{};
  std::vector<std::shared_ptr<const Suite>> loaded{};
  std::map<std::string, KnownFailure> known_failures{};
};

/// A profile says where a server is; a suite has scenarios. What is neither is told a suite's
/// mistakes.
bool is_profile(const std::string& file, std::string_view text) {
  Diagnostics told_by_the_loader;
  const auto root = parse_json(file, text, told_by_the_loader);
  return root && root->find("address") != nullptr && root->find("scenarios") == nullptr;
}

void check_profile(const std::string& file, std::string_view text, const Variables& written,
                   Checked& checked) {
  const auto before = checked.diagnostics.size();
  const auto profile = load_profile(file, text, written, checked.diagnostics);
  if (checked.diagnostics.size() == before) transport_of(profile, checked.diagnostics);
  checked.known_failures.insert(profile.known_failures.begin(), profile.known_failures.end());
  ++checked.profiles;
}

void check_file(const std::string& file, const LoadOptions& load, const Variables& written,
                Checked& checked) {
  const auto read = read_file(file);
  if (const auto* problem = std::get_if<FileProblem>(&read)) {
    checked.diagnostics.push_back({{file}, problem->message, {}});
    return;
  }
  const auto& text = std::get<std::string>(read);
  if (is_profile(file, text)) {
    check_profile(file, text, written, checked);
    return;
  }
  checked.loaded.push_back(load_suite(file, text, load, checked.diagnostics));
  checked.scenarios += checked.loaded.back()->scenarios.size();
  ++checked.suites;
}

std::string summary(const Checked& checked) {
  auto suites = fmt::format("{} in {}", plural(checked.scenarios, "scenario"),
                            plural(checked.suites, "file"));
  auto profiles = plural(checked.profiles, "profile");
  if (checked.profiles == 0) return suites;
  return checked.suites == 0 ? profiles : fmt::format("{}, {}", suites, profiles);
}

int validate(const ValidateArguments& arguments) {
  auto chosen = choose_target(arguments.target);
  Checked checked;
  if (const auto* mistakes = std::get_if<Diagnostics>(&chosen)) checked.diagnostics = *mistakes;
  LoadOptions load{step_registry(), {}, {}};
  if (auto* good = std::get_if<ChosenTarget>(&chosen)) {
    load = good->load_options();
    checked.known_failures = good->known_failures;
  }
  const auto written = written_variables(arguments.target);
  for (const auto& path : find_suites(arguments.paths, checked.diagnostics)) {
    for (const auto& file : suite_files(path, checked.diagnostics))
      check_file(file, load, written, checked);
  }
  print_diagnostics(checked.diagnostics);
  if (!checked.diagnostics.empty()) return kUsage;
  print_warnings(stray_known_failures(checked.known_failures, checked.loaded));
  std::cout << summary(checked) << ": no mistakes\n";
  return kAllPassed;
}

}  // namespace

void add_validate_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ValidateArguments>();
  auto* command = app.add_subcommand(
      "validate", "Check suites and profiles, also that of --target, without running anything");
  command
      ->add_option("paths", arguments->paths,
                   "Suites and profiles: files, or directories with all *.json below them")
      ->required();
  add_target_options(*command, arguments->target);
  command->callback([arguments, &exit_code] { exit_code = validate(*arguments); });
}

}  // namespace dialtone
