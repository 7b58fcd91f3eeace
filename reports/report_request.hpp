#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/report_format.hpp"

namespace dialtone {

struct RunResult;

/// One `--report FORMAT[:WORD[,WORD]][=PATH]`, understood.
struct ReportRequest {
  const ReportFormat* format;
  ReportOptions options;
  std::string path;       ///< a file, or a format's directory; empty: standard output
  std::string append_to;  ///< the file of the format's companion; empty: none
};

/// The request, with what the environment says of its format; or what is wrong with it and how to
/// mend it, on one line.
std::variant<ReportRequest, std::string> parse_report_request(std::string_view text);

/// Tells those that name attachments which files the others make of each result.
void attach_files(std::vector<ReportRequest>& requests, const RunResult& run);

/// Writes the report to its file or files (each replaced as a whole, see report_file.hpp), or to
/// `standard_output` where it names none; and appends what goes with it. nullopt on success, else
/// one line: what could not be written, and why.
std::optional<std::string> write_report(const ReportRequest& request, const RunResult& run,
                                        std::ostream& standard_output);

}  // namespace dialtone
