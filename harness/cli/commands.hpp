#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace dialtone {

/// Each adds one subcommand; running it stores the exit code.
void add_run_command(CLI::App& app, int& exit_code);
void add_report_command(CLI::App& app, int& exit_code);
void add_merge_command(CLI::App& app, int& exit_code);
void add_init_command(CLI::App& app, int& exit_code);
void add_ctest_command(CLI::App& app, int& exit_code);
void add_list_command(CLI::App& app, int& exit_code);
void add_describe_command(CLI::App& app, int& exit_code);
void add_explain_command(CLI::App& app, int& exit_code);
void add_validate_command(CLI::App& app, int& exit_code);
void add_steps_command(CLI::App& app, int& exit_code);
void add_schema_command(CLI::App& app, int& exit_code);
void add_serve_command(CLI::App& app, int& exit_code);
void add_dial_command(CLI::App& app, int& exit_code);
void add_completion_command(CLI::App& app, int& exit_code);
void add_man_command(CLI::App& app, int& exit_code);
void add_version_command(CLI::App& app, int& exit_code);

/// Answers a completion script that asks what may stand on a command line; false where `argv` is no
/// such question. `app` has all its commands.
bool answer_shell(const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace dialtone
