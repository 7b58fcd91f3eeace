#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/line_file.hpp"
#include "reports/log_writer.hpp"
#include "reports/report_request.hpp"

namespace dialtone {

/// The event logs that a run was asked for, written while it goes on: to files, and to
/// `standard_output` where one names none. The other reports are none of its business.
class LiveLog {
 public:
  LiveLog(const std::vector<ReportRequest>& requests, std::ostream& standard_output);
  LiveLog(const LiveLog&) = delete;
  LiveLog& operator=(const LiveLog&) = delete;

  static bool is_live(const ReportRequest& request);

  /// nullptr where no log was asked for.
  LogWriter* writer() { return writer_.get(); }

  /// Nothing more is written: closes the files.
  void end();

  /// What could not be written by now, and why; nullopt where nothing failed.
  std::optional<std::string> problem() const;

 private:
  void write(std::string_view line);

  std::vector<LineFile> files_;
  std::ostream* standard_output_ = nullptr;  // where it is written to
  std::unique_ptr<LogWriter> writer_;
};

}  // namespace dialtone
