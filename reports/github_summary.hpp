#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/result.hpp"

/// The Markdown of the report `github`.
namespace dialtone::github {

/// What is to be told of a run, in that order: failures, errors, warnings, and what is
/// flaky. In a strict run a warning is a failure.
struct Findings {
  std::vector<const ScenarioResult*> errors;    ///< what fails the run
  std::vector<const ScenarioResult*> warnings;  ///< what does not
};

/// The run must outlive them.
Findings findings_of(const RunResult& run);

/// `text`, printable, in a code span that may stand in a cell of a table: a backtick is written
/// \x60, a bar \x7c. Empty where the text is.
std::string code_span(std::string_view text);

/// `text` (printable, lines) in a fence that it cannot close.
std::string code_block(std::string_view text);

/// Of at most 1 MiB, which is what a step may hand in. `root` as in ReportOptions.
void write_summary(const RunResult& run, const std::string& root, std::ostream& out);

}  // namespace dialtone::github
