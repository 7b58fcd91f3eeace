#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/hidden_arguments.hpp"
#include "harness/model/diagnostic.hpp"

namespace {

/// CLI11 only says that a subcommand is required; a misspelled one deserves its name and a hint.
bool refuse_unknown_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0].starts_with('-')) return false;
  const auto& written = arguments[0];
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == written) return false;
    names.push_back(command->get_name());
  }
  dialtone::print_error("unknown command '" + written + "'", dialtone::suggest(written, names));
  return true;
}

int run(const std::vector<std::string>& arguments) {
  CLI::App app("Dialtone dials a TCP server and checks what it hears.", "dialtone");
  app.require_subcommand(1);
  app.set_version_flag("--version", "dialtone " DIALTONE_VERSION);
  int exit_code = dialtone::kInternal;
  dialtone::add_run_command(app, exit_code);
  dialtone::add_report_command(app, exit_code);
  dialtone::add_merge_command(app, exit_code);
  dialtone::add_init_command(app, exit_code);
  dialtone::add_list_command(app, exit_code);
  dialtone::add_ctest_command(app, exit_code);
  dialtone::add_validate_command(app, exit_code);
  dialtone::add_describe_command(app, exit_code);
  dialtone::add_explain_command(app, exit_code);
  dialtone::add_steps_command(app, exit_code);
  dialtone::add_schema_command(app, exit_code);
  dialtone::add_serve_command(app, exit_code);
  dialtone::add_dial_command(app, exit_code);
  dialtone::add_completion_command(app, exit_code);
  dialtone::add_man_command(app, exit_code);
  dialtone::add_version_command(app, exit_code);
  if (dialtone::answer_shell(app, arguments)) return dialtone::kAllPassed;
  if (refuse_unknown_command(app, arguments)) return dialtone::kUsage;
  app.failure_message([&](const CLI::App* failed, const CLI::Error& error) {
    return dialtone::without_values(CLI::FailureMessage::simple(failed, error), arguments);
  });
  try {
    auto reversed = arguments;  // as CLI11 wants them
    std::ranges::reverse(reversed);
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? dialtone::kAllPassed : dialtone::kUsage;
  } catch (const std::system_error& error) {
    const bool is_full = error.code() == std::errc::too_many_files_open ||
                         error.code() == std::errc::too_many_files_open_in_system;
    dialtone::print_error(error.what(), is_full ? "raise the limit of open files: ulimit -n" : "");
    return dialtone::kInternal;
  } catch (const std::exception& error) {
    dialtone::print_error(error.what());
    return dialtone::kInternal;
  }
  return exit_code;
}

/// What was printed has to have arrived: a list that a full disk cut is none.
int flushed(int exit_code) {
  if (std::cout.flush() || exit_code != dialtone::kAllPassed) return exit_code;
  dialtone::print_error("cannot write to the standard output");
  return dialtone::kInternal;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return flushed(run(dialtone::take_arguments(argc, argv)));
  } catch (...) {
    return dialtone::kInternal;  // not even its message could be made
  }
}
