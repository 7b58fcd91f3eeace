#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace dialtone {

struct RunResult;

struct ReportOptions {
  std::string variant;  ///< "jenkins-xunit" of `junit:jenkins-xunit=PATH`; empty: the default one
  std::string root;     ///< directory that paths are written relative to; empty: the current one
};

/// A report as data. `write` is a pure function of a finished run; whether the stream took it all
/// is for the caller to look at.
struct ReportFormat {
  std::string_view name;
  std::string_view summary;
  std::span<const std::string_view> variants;  ///< the default one first; empty where there is one
  void (*write)(const RunResult& run, const ReportOptions& options, std::ostream& out);
  bool wants_all = false;  ///< shows transcripts and outputs of passing scenarios too
};

}  // namespace dialtone
