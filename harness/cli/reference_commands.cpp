#include <iostream>
#include <memory>

#include "harness/cli/commands.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/model/json_schema.hpp"
#include "harness/model/profile_schema.hpp"
#include "harness/model/reference.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {

void add_steps_command(CLI::App& app, int& exit_code) {
  auto markdown = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("steps", "Show every verb with its fields");
  command->add_flag("--markdown", *markdown, "As a table for a document");
  command->callback([markdown, &exit_code] {
    std::cout << (*markdown ? step_reference_markdown(step_registry())
                            : step_reference_text(step_registry()));
    exit_code = kAllPassed;
  });
}

void add_schema_command(CLI::App& app, int& exit_code) {
  auto of_profiles = std::make_shared<bool>(false);
  auto* command = app.add_subcommand(
      "schema", "Print the JSON Schema of suites, or of profiles, for an editor's completion");
  command->add_flag("--profile", *of_profiles, "That of profiles");
  command->callback([of_profiles, &exit_code] {
    std::cout << (*of_profiles ? profile_schema() : json_schema(step_registry()));
    exit_code = kAllPassed;
  });
}

void add_version_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("version", "Print the version");
  command->callback([&exit_code] {
    std::cout << "dialtone " DIALTONE_VERSION "\n";
    exit_code = kAllPassed;
  });
}

}  // namespace dialtone
