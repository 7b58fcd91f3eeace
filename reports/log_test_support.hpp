#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>

#include "harness/model/result.hpp"
#include "reports/log_reader.hpp"
#include "reports/ndjson.hpp"
#include "reports/report_format.hpp"

namespace dialtone {

inline std::string written(const ReportFormat& format, const RunResult& run,
                           const ReportOptions& options = {}) {
  std::ostringstream out;
  if (!format.is_directory()) {
    format.write(run, options, out);
    return out.str();
  }
  format.write_files(run, options, [&](const std::string& name, const auto& write) {
    out << name << "\n";
    write(out);
  });
  return out.str();
}

inline std::variant<ReadLog, Diagnostic> read_text_log(const std::string& log) {
  std::istringstream in(log);
  return read_log("run.ndjson", in);
}

/// Throws where the log is broken.
inline ReadLog good_log(const std::string& log) {
  auto read = read_text_log(log);
  if (const auto* mistake = std::get_if<Diagnostic>(&read))
    throw std::runtime_error(render(*mistake));
  return std::get<ReadLog>(std::move(read));
}

/// The run as it comes back from its log.
inline RunResult by_log(const RunResult& run) { return good_log(written(kNdjsonReport, run)).run; }

}  // namespace dialtone
