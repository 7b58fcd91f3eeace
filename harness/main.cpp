#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <exception>
#include <string>
#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/model/diagnostic.hpp"

namespace {

/// CLI11 only says that a subcommand is required; a misspelled one deserves its name and a hint.
bool refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return false;
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == argv[1]) return false;
    names.push_back(command->get_name());
  }
  dialtone::print_error(std::string("unknown command '") + argv[1] + "'",
                        dialtone::suggest(argv[1], names));
  return true;
}

int run(int argc, char** argv) {
  CLI::App app("Dialtone dials a TCP server and checks what it hears.", "dialtone");
  app.require_subcommand(1);
  app.set_version_flag("--version", "dialtone " DIALTONE_VERSION);
  int exit_code = dialtone::kInternal;
  dialtone::add_run_command(app, exit_code);
  dialtone::add_report_command(app, exit_code);
  dialtone::add_init_command(app, exit_code);
  dialtone::add_list_command(app, exit_code);
  dialtone::add_ctest_command(app, exit_code);
  dialtone::add_validate_command(app, exit_code);
  dialtone::add_describe_command(app, exit_code);
  dialtone::add_steps_command(app, exit_code);
  dialtone::add_schema_command(app, exit_code);
  dialtone::add_serve_command(app, exit_code);
  dialtone::add_dial_command(app, exit_code);
  dialtone::add_completion_command(app, exit_code);
  dialtone::add_man_command(app, exit_code);
  dialtone::add_version_command(app, exit_code);
  if (dialtone::answer_shell(app, argc, argv)) return dialtone::kAllPassed;
  if (refuse_unknown_command(app, argc, argv)) return dialtone::kUsage;
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

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (...) {
    return dialtone::kInternal;  // not even its message could be made
  }
}
