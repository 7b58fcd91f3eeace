#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reports/report_request.hpp"

namespace dialtone {

struct RunResult;

/// `--report FORMAT[:VARIANT][=PATH]`, repeatable. `written` must outlive the parsing.
CLI::Option* add_report_option(CLI::App& command, std::vector<std::string>& written);

/// All of them understood, and none in the way of another; nullopt after every mistake was printed.
std::optional<std::vector<ReportRequest>> report_requests(const std::vector<std::string>& written);

/// Whether one of the reports would be written onto one of these files, which are read; after that
/// was said.
bool would_overwrite(const std::vector<ReportRequest>& requests,
                     const std::vector<std::string>& inputs);

/// Writes each; false after what could not be written was printed.
bool write_reports(std::vector<ReportRequest> requests, const RunResult& run);

}  // namespace dialtone
