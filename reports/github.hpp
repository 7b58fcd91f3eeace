#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// Annotations and a job summary of GitHub Actions. The variant `annotations` (the usual one) is
/// workflow commands, for standard output, where the runner reads them: 10 errors and 10 warnings,
/// which is what it shows of one step, the worst first, and a notice that counts the rest; beside
/// it the summary is appended to $GITHUB_STEP_SUMMARY, where that is set. The variant `summary` is
/// that Markdown alone. In it everything that a peer, a file or a program had a hand in stands in
/// code spans and fenced blocks, where nothing is markup, a link or a mention.
extern const ReportFormat kGithubReport;

}  // namespace dialtone
