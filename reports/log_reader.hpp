#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <variant>

#include "harness/model/diagnostic.hpp"
#include "harness/model/result.hpp"

namespace dialtone {

/// A run as its log tells it.
struct ReadLog {
  RunResult run;            ///< interrupted where the log has no end
  std::string version;      ///< of the dialtone that wrote it
  std::size_t planned = 0;  ///< how many scenarios were to be run
  bool has_end = false;     ///< false: the run was killed, or still goes on
  /// Of the run's results: those that had begun and have no verdict (kUnderWay).
  std::size_t under_way = 0;

  std::size_t finished() const { return run.results.size() - under_way; }
};

/// Reads an event log, line by line. Where the run was killed in the middle of its last line, that
/// line counts as not written; what had begun is an error, with all that the log has of it.
/// Suites and scenarios hold what reports show of them; their steps cannot be run. A log that is
/// none, or broken, gives its first mistake, with the place; `file` is its name in there.
std::variant<ReadLog, Diagnostic> read_log(const std::string& file, std::istream& in);

}  // namespace dialtone
