#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <exception>
#include <iostream>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"

int main(int argc, char** argv) {
  CLI::App app("Dialtone dials a TCP server and checks what it hears.", "dialtone");
  app.require_subcommand(1);
  app.set_version_flag("--version", "dialtone " DIALTONE_VERSION);
  int exit_code = dialtone::kInternal;
  dialtone::add_run_command(app, exit_code);
  dialtone::add_list_command(app, exit_code);
  dialtone::add_validate_command(app, exit_code);
  dialtone::add_steps_command(app, exit_code);
  dialtone::add_schema_command(app, exit_code);
  dialtone::add_serve_command(app, exit_code);
  dialtone::add_dial_command(app, exit_code);
  dialtone::add_version_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? dialtone::kAllPassed : dialtone::kUsage;
  } catch (const std::exception& error) {
    dialtone::print_error(error.what());
    return dialtone::kInternal;
  }
  return exit_code;
}
