#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/report_options.hpp"
#include "reports/merge.hpp"

namespace dialtone {
namespace {

struct MergeArguments {
  std::vector<std::string> logs;
  std::vector<std::string> reports;
  std::string log;  ///< where the log of the whole goes
  bool partial = false;
};

std::variant<ReadLog, Diagnostic> read_file_log(const std::string& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (in) return read_log(file, in);
  return Diagnostic{
      {file, 0, 0}, "cannot read the file: " + std::generic_category().message(errno), {}};
}

std::variant<MergedRun, Diagnostics> merged(const MergeArguments& arguments) {
  std::vector<ShardLog> logs;
  Diagnostics mistakes;
  for (const auto& file : arguments.logs) {
    auto read = read_file_log(file);
    if (auto* mistake = std::get_if<Diagnostic>(&read)) {
      mistakes.push_back(std::move(*mistake));
    } else {
      logs.push_back({file, std::get<ReadLog>(std::move(read))});
    }
  }
  if (!mistakes.empty()) return mistakes;
  return merge_shards(std::move(logs), arguments.partial);
}

int merge(const MergeArguments& arguments) {
  auto written = arguments.reports;
  if (!arguments.log.empty()) written.push_back("ndjson=" + arguments.log);
  const auto requests = report_requests(written);
  if (requests && would_overwrite(*requests, arguments.logs)) return kUsage;
  if (written.empty())
    print_error("nothing is to be made of them", "--report FORMAT[=PATH], or -o LOG");
  const auto made = merged(arguments);
  if (const auto* mistakes = std::get_if<Diagnostics>(&made)) {
    print_diagnostics(*mistakes, "nothing was written");
    return kUsage;
  }
  if (!requests || written.empty()) return kUsage;
  const auto& whole = std::get<MergedRun>(made);
  for (const auto& note : whole.notes) print_error(note);
  return write_reports(*requests, whole.run) ? kAllPassed : kInternal;
}

}  // namespace

void add_merge_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<MergeArguments>();
  auto* command = app.add_subcommand(
      "merge", "Make reports of a whole run from the event logs of its shards (run --shard)");
  command->add_option("logs", arguments->logs, "The logs of all shards")->required();
  add_report_option(*command, arguments->reports);
  command->add_option("-o,--output", arguments->log, "Write the event log of the whole run here");
  command->add_flag("--partial", arguments->partial,
                    "Shards may be missing, or interrupted; the reports say so");
  command->callback([arguments, &exit_code] { exit_code = merge(*arguments); });
}

}  // namespace dialtone
