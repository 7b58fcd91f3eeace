#include "reports/github.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/attempts.hpp"
#include "reports/cap.hpp"
#include "reports/ci_commands.hpp"
#include "reports/evidence.hpp"
#include "reports/github_summary.hpp"
#include "reports/report_path.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kAnnotations = "annotations";
constexpr std::string_view kSummary = "summary";
constexpr std::array kVariants{kAnnotations, kSummary};
constexpr std::array<std::string_view, 1> kRootVariables{"GITHUB_WORKSPACE"};

// What GitHub shows of one step, of each kind; the rest is dropped without a word.
constexpr std::size_t kMost = 10;
constexpr std::size_t kTitleLimit = 255;
constexpr std::size_t kMessageLimit = 8'192;  // octets, before the escapes

/// As the runner decodes the text after the second "::", and the value of a property.
std::string escaped(std::string_view text, std::string_view octets) {
  std::string out;
  for (const char c : text) {
    if (octets.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string escaped_data(std::string_view text) { return escaped(text, "%\r\n"); }
std::string escaped_property(std::string_view text) { return escaped(text, "%\r\n:,"); }

std::string title_of(const ScenarioResult& result) {
  const auto& title = result.scenario->title;
  auto name = display_name(result);
  if (!title.empty()) name += ": " + title;
  return without_ci_commands(cap_end(printable(name), kTitleLimit));
}

/// The first line says what came of it, the rest why.
std::string message_of(const ScenarioResult& result, const std::string& root) {
  const auto lines =
      render_evidence(told_run(result), {.mark = DifferenceStyle::Mark::kBars}, root);
  auto text = told_headline(result) + "\n" + plain_text(lines);
  while (text.ends_with('\n')) text.pop_back();
  return without_ci_commands(cap_middle(text, kMessageLimit));
}

void annotate(std::string_view command, const ScenarioResult& result, const std::string& root,
              std::ostream& out) {
  const auto& where = told_run(result).where;
  const auto file = printable(report_path(where.file, root));
  std::string properties;
  if (!file.empty() && where.line > 0) {
    properties =
        fmt::format("file={},line={},col={},", escaped_property(file), where.line, where.column);
  }
  out << fmt::format("::{} {}title={}::{}\n", command, properties,
                     escaped_property(title_of(result)), escaped_data(message_of(result, root)));
}

/// How many of them were not told.
std::size_t annotate_worst(std::string_view command,
                           const std::vector<const ScenarioResult*>& results,
                           const std::string& root, std::size_t most, std::ostream& out) {
  const auto shown = std::min(results.size(), most);
  for (std::size_t i = 0; i < shown; ++i) annotate(command, *results[i], root, out);
  return results.size() - shown;
}

void write_annotations(const RunResult& run, const std::string& root, std::ostream& out) {
  const auto problems = problems_of(run);
  for (const auto& problem : problems)
    out << fmt::format("::error title={}::{}\n", escaped_property(problem.name),
                       escaped_data(without_ci_commands(printable(problem.message))));
  const auto findings = github::findings_of(run);
  const auto errors = annotate_worst("error", findings.errors, root, kMost - problems.size(), out);
  const auto warnings = annotate_worst("warning", findings.warnings, root, kMost, out);
  if (errors + warnings == 0) return;
  out << fmt::format(
      "::notice title=dialtone::{} and {} more than GitHub shows of one step are not "
      "annotated: the job summary and the other reports have them\n",
      plural(errors, "failure"), plural(warnings, "warning"));
}

void write_markdown(const RunResult& run, const ReportOptions& options, std::ostream& out) {
  github::write_summary(run, options.root, out);
}

void write_github(const RunResult& run, const ReportOptions& options, std::ostream& out) {
  if (options.variant == kSummary) {
    write_markdown(run, options, out);
  } else {
    write_annotations(run, options.root, out);
  }
}

}  // namespace

const ReportFormat kGithubReport{
    .name = "github",
    .summary = "GitHub Actions: annotations, and a job summary; github:summary for that alone",
    .variants = kVariants,
    .write = write_github,
    .companion = {.write = write_markdown, .variable = "GITHUB_STEP_SUMMARY"},
    .root_variables = kRootVariables};

}  // namespace dialtone
