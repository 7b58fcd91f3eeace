#include <iostream>
#include <memory>

#include "harness/cli/commands.hpp"
#include "harness/cli/completion.hpp"
#include "harness/cli/exit_code.hpp"

namespace dialtone {

void add_completion_command(CLI::App& app, int& exit_code) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "completion", "Print what a shell reads to complete commands, options and their values");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &exit_code] {
    std::cout << completion_script(*shell).value();
    exit_code = kAllPassed;
  });
}

bool answer_shell(const CLI::App& app, const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] != kCompleteCommand) return false;
  std::cout << render(complete(app, {arguments.begin() + 1, arguments.end()}));
  return true;
}

}  // namespace dialtone
