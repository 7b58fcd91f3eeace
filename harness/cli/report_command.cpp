#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <variant>
#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/report_options.hpp"
#include "harness/model/plural.hpp"
#include "reports/log_reader.hpp"

namespace dialtone {
namespace {

struct ReportArguments {
  std::string from;
  std::vector<std::string> reports;
};

std::variant<ReadLog, Diagnostic> read_from(const std::string& from) {
  if (from == "-") return read_log("standard input", std::cin);
  errno = 0;
  std::ifstream file(from, std::ios::binary);
  if (!file)
    return Diagnostic{
        {from, 0, 0}, "cannot read the file: " + std::generic_category().message(errno), {}};
  return read_log(from, file);
}

int report(const ReportArguments& arguments) {
  const auto requests = report_requests(arguments.reports);
  if (requests && would_overwrite(*requests, {arguments.from})) return kUsage;
  const auto read = read_from(arguments.from);
  if (const auto* mistake = std::get_if<Diagnostic>(&read))
    print_diagnostics({*mistake}, "nothing was written");
  if (!requests || std::holds_alternative<Diagnostic>(read)) return kUsage;
  const auto& log = std::get<ReadLog>(read);
  if (!log.has_end)
    print_error(fmt::format("the log has no end: {} of {} finished", log.finished(),
                            plural(log.planned, "scenario")),
                "the run was killed, or still goes on; the reports say that it was interrupted");
  return write_reports(*requests, log.run) ? kAllPassed : kInternal;
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ReportArguments>();
  auto* command = app.add_subcommand(
      "report", "Make reports of a run from its event log (run --report ndjson)");
  command->add_option("from", arguments->from, "The log; - reads standard input")->required();
  add_report_option(*command, arguments->reports)->required();
  command->callback([arguments, &exit_code] { exit_code = report(*arguments); });
}

}  // namespace dialtone
