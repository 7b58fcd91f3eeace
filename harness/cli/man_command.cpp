#include <iostream>
#include <memory>

#include "harness/cli/commands.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/man_page.hpp"

namespace dialtone {

void add_man_command(CLI::App& app, int& exit_code) {
  auto page = std::make_shared<std::string>("dialtone");
  auto* command = app.add_subcommand("man", "Print a manual page; 'man -l FILE' shows it");
  command->add_option("page", *page, "dialtone (section 1) or dialtone-scenario (section 5)")
      ->check(CLI::IsMember({"dialtone", "dialtone-scenario"}));
  command->callback([&app, page, &exit_code] {
    std::cout << (*page == "dialtone" ? man_of_program(app) : man_of_scenarios());
    exit_code = kAllPassed;
  });
}

}  // namespace dialtone
