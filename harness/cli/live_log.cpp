#include "harness/cli/live_log.hpp"

#include <algorithm>
#include <ostream>

#include "reports/ndjson.hpp"

namespace dialtone {

LiveLog::LiveLog(const std::vector<ReportRequest>& requests, std::ostream& standard_output) {
  for (const auto& request : requests) {
    if (!is_live(request)) continue;
    if (request.path.empty()) {
      standard_output_ = &standard_output;
    } else {
      files_.emplace_back(request.path);
    }
    if (!writer_)
      writer_ = std::make_unique<LogWriter>([this](std::string_view line) { write(line); });
  }
}

bool LiveLog::is_live(const ReportRequest& request) { return request.format == &kNdjsonReport; }

void LiveLog::write(std::string_view line) {
  for (auto& file : files_) file.write(line);
  if (standard_output_ != nullptr) *standard_output_ << line << std::flush;
}

void LiveLog::end() {
  for (auto& file : files_) file.close();
}

std::optional<std::string> LiveLog::problem() const {
  for (const auto& file : files_) {
    if (auto problem = file.problem()) return problem;
  }
  if (standard_output_ != nullptr && !*standard_output_)
    return "cannot write the report to standard output";
  return std::nullopt;
}

}  // namespace dialtone
