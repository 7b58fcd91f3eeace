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

/// What a format appends, beside its report, to a file that the CI system names in an environment
/// variable.
struct ReportCompanion {
  void (*write)(const RunResult& run, const ReportOptions& options, std::ostream& out) = nullptr;
  std::string_view variable{};  ///< nothing is appended where it is unset or empty
};

/// A report as data. `write` is a pure function of a finished run; whether the stream took it all
/// is for the caller to look at.
struct ReportFormat {
  std::string_view name;
  std::string_view summary;
  std::span<const std::string_view> variants;  ///< the default one first; empty where there is one
  void (*write)(const RunResult& run, const ReportOptions& options, std::ostream& out);
  ReportCompanion companion{};  ///< of the first variant
  std::string_view
      root_variable{};     ///< of the environment: names the root of paths, where it is set
  bool wants_all = false;  ///< shows transcripts and outputs of passing scenarios too
};

}  // namespace dialtone
