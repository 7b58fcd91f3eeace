#pragma once

#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

struct RunResult;

struct ReportOptions {
  std::string variant;  ///< "jenkins-xunit" of `junit:jenkins-xunit=PATH`; empty: the default one
  std::string root;     ///< directory that paths are written relative to; empty: the current one
  bool absolute_attachments = false;  ///< "absolute-attachments" after the variant
  /// Of each result, in their order: the files that other reports make of it. Empty: there are
  /// none.
  std::vector<std::vector<std::string>> attachments{};
};

/// What a format appends, beside its report, to a file that the CI system names in an environment
/// variable.
struct ReportCompanion {
  void (*write)(const RunResult& run, const ReportOptions& options, std::ostream& out) = nullptr;
  std::string_view variable{};  ///< nothing is appended where it is unset or empty
};

/// Takes one file of a report that is a directory: its name there, and what writes it.
using AddFile =
    std::function<void(const std::string& name, const std::function<void(std::ostream&)>& write)>;

/// A report as data: one file, or a directory. `write` and `write_files`, of which it has one, are
/// pure functions of a finished run; whether the streams took it all
/// is for the caller to look at.
struct ReportFormat {
  std::string_view name;
  std::string_view summary;
  std::span<const std::string_view> variants;  ///< the default one first; empty where there is one
  void (*write)(const RunResult& run, const ReportOptions& options, std::ostream& out) = nullptr;
  void (*write_files)(const RunResult& run, const ReportOptions& options,
                      const AddFile& add) = nullptr;
  ReportCompanion companion{};  ///< of the first variant
  /// Of the environment: the first that is set names the root of paths.
  std::span<const std::string_view> root_variables{};
  bool wants_all = false;        ///< shows transcripts and outputs of passing scenarios too
  bool has_attachments = false;  ///< names them; takes the word "absolute-attachments"
  /// Of a report that is a directory: its file of each result, in their order; empty: there is
  /// none.
  std::vector<std::string> (*names)(const RunResult& run) = nullptr;

  bool is_directory() const { return write_files != nullptr; }
};

}  // namespace dialtone
