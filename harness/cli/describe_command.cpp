#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/secret_options.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/read_file.hpp"
#include "harness/model/suite_page.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

struct DescribeArguments {
  std::vector<std::string> paths;
  std::string matrix;
  TargetOptions target;
};

/// nullopt after the mistake was printed.
std::optional<ProvenBy> proven_by(const std::string& file) {
  if (file.empty()) return ProvenBy();
  const auto text = read_file(file);
  if (const auto* problem = std::get_if<FileProblem>(&text)) {
    print_error(fmt::format("--matrix {}: {}", file, problem->message));
    return std::nullopt;
  }
  try {
    return read_fault_matrix(std::get<std::string>(text));
  } catch (const std::invalid_argument& error) {
    print_error(fmt::format("--matrix {}: {}", file, error.what()));
    return std::nullopt;
  }
}

int describe_suites(const DescribeArguments& arguments) {
  auto chosen = choose_target(arguments.target);
  Diagnostics diagnostics;
  if (const auto* mistakes = std::get_if<Diagnostics>(&chosen)) diagnostics = *mistakes;
  LoadOptions load{step_registry(), {}, {}};
  const auto* target = std::get_if<ChosenTarget>(&chosen);
  if (target != nullptr) load = target->load_options();
  const auto files = find_suites(arguments.paths, diagnostics);
  auto loaded = load_suites(files, load);
  diagnostics.insert(diagnostics.end(), loaded.diagnostics.begin(), loaded.diagnostics.end());
  print_diagnostics(diagnostics);
  const auto proof = proven_by(arguments.matrix);
  if (!diagnostics.empty() || !proof) return kUsage;
  if (target->secrets != nullptr) mask_suites(loaded.suites, *target->secrets);
  std::cout << suite_page(loaded.suites, *proof);
  return kAllPassed;
}

}  // namespace

void add_describe_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<DescribeArguments>();
  auto* command = app.add_subcommand(
      "describe",
      "Print a page in Markdown on suites: what each scenario checks, and what proves it");
  command
      ->add_option("paths", arguments->paths,
                   "Suites: files, or directories with all *.json below them")
      ->required();
  command->add_option("--matrix", arguments->matrix,
                      "The fault matrix: which faults break which scenarios");
  add_target_options(*command, arguments->target);
  command->callback([arguments, &exit_code] { exit_code = describe_suites(*arguments); });
}

}  // namespace dialtone
