#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "fixtures/fault_matrix.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/shell_words.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/suite_page.hpp"

namespace dialtone {
namespace {

constexpr const char* kUsualPlace = "scenarios";

struct ExplainArguments {
  std::vector<std::string> ids;
  std::vector<std::string> paths;
};

struct Found {
  const Suite* suite;
  const Scenario* scenario;
};

void print_item(std::string_view label, const std::string& text) {
  if (!text.empty()) std::cout << fmt::format("  {:<9} {}\n", label, printable(text));
}

/// The command that shows the scenario fail.
std::string proof(const Found& found, const std::string& fault) {
  return fmt::format("dialtone run {} --filter {} --fault {}", shell_word(found.suite->file),
                     shell_word(found.scenario->id), shell_word(fault));
}

void print_proof(const Found& found, const ProvenBy& proven_by) {
  const auto faults = proven_by.find(found.scenario->id);
  if (faults != proven_by.end()) {
    print_item("faults", fmt::format("{}", fmt::join(faults->second, ", ")));
    print_item("see it", proof(found, faults->second.front()));
  }
  print_item("no fault", found.scenario->no_fault);
}

void print(const Found& found, const ProvenBy& proven_by) {
  const auto& scenario = *found.scenario;
  std::cout << printable(fmt::format("{}  {}", scenario.id, scenario.title)) << '\n';
  print_item("suite",
             fmt::format("{}, {}:{}", found.suite->name, scenario.where.file, scenario.where.line));
  print_item("level", std::string(name_of(scenario.level)));
  print_item("must if", fmt::format("{}", fmt::join(scenario.must_if, ", ")));
  print_item("source", scenario.source);
  print_item("needs", fmt::format("{}", fmt::join(scenario.needs, ", ")));
  print_item("note", scenario.note);
  print_item("means", scenario.means.empty() ? "" : "a failure usually means: " + scenario.means);
  print_proof(found, proven_by);
  std::cout << "  steps\n";
  for (const auto& step : scenario.outline) std::cout << "    " << printable(step) << '\n';
}

/// The requirement of that id, and its parts: "ROB-08" and "ROB-08.big".
std::vector<Found> find(const std::string& id, const LoadedSuites& loaded) {
  std::vector<Found> found;
  for (const auto& suite : loaded.suites) {
    for (const auto& scenario : suite->scenarios) {
      if (scenario.id == id || scenario.id.starts_with(id + "."))
        found.push_back({suite.get(), &scenario});
    }
  }
  return found;
}

std::vector<std::string> ids_of(const LoadedSuites& loaded) {
  std::vector<std::string> ids;
  for (const auto& suite : loaded.suites) {
    for (const auto& scenario : suite->scenarios) ids.push_back(scenario.id);
  }
  return ids;
}

std::vector<std::string> places(const ExplainArguments& arguments, Diagnostics& diagnostics) {
  std::error_code missing;
  if (!arguments.paths.empty()) return find_suites(arguments.paths, diagnostics);
  if (std::filesystem::is_directory(kUsualPlace, missing)) return {kUsualPlace};
  return installed_suite_paths();
}

int explain(const ExplainArguments& arguments) {
  Diagnostics diagnostics;
  const auto paths = places(arguments, diagnostics);
  if (paths.empty() && diagnostics.empty()) {
    print_error("there is no directory 'scenarios' here, and no suites are installed",
                "name the suites: --in PATH");
    return kUsage;
  }
  auto chosen = choose_target({});
  const auto loaded = load_suites(paths, std::get<ChosenTarget>(chosen).load_options());
  diagnostics.insert(diagnostics.end(), loaded.diagnostics.begin(), loaded.diagnostics.end());
  print_diagnostics(diagnostics);
  if (!diagnostics.empty()) return kUsage;
  const auto proven_by = read_fault_matrix(std::string(fault_matrix_json()));
  bool all = true;
  bool first = true;
  for (const auto& id : arguments.ids) {
    const auto found = find(id, loaded);
    if (found.empty())
      print_error(fmt::format("there is no scenario '{}'", id), suggest(id, ids_of(loaded)));
    all = all && !found.empty();
    for (const auto& each : found) {
      if (!first) std::cout << '\n';
      first = false;
      print(each, proven_by);
    }
  }
  return all ? kAllPassed : kUsage;
}

}  // namespace

void add_explain_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ExplainArguments>();
  auto* command = app.add_subcommand(
      "explain", "Show a requirement: its source, what is sent, and the faults that prove it");
  command->add_option("ids", arguments->ids, "Ids of scenarios, such as ART-09")->required();
  command
      ->add_option("--in", arguments->paths,
                   "Suites to look in: files, directories, or names of installed ones; by default "
                   "./scenarios, else all that are installed")
      ->allow_extra_args(false);
  command->callback([arguments, &exit_code] { exit_code = explain(*arguments); });
}

}  // namespace dialtone
