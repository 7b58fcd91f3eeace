#include "reports/github_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "reports/attempts.hpp"
#include "reports/cap.hpp"
#include "reports/ci_commands.hpp"
#include "reports/report_path.hpp"
#include "reports/summary.hpp"

namespace dialtone::github {
namespace {

constexpr std::size_t kMostRows = 200;
constexpr std::size_t kMostBlocks = 20;
constexpr std::size_t kCellLimit = 200;  // octets; four times that where all are backticks
constexpr std::size_t kEvents = 400;
constexpr std::size_t kBlockLimit = 4'096;  // octets

std::string_view word_for(const ScenarioResult& result) {
  if (is_flaky(result)) return "flaky";
  switch (result.verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kFail: return "**fail**";
    case Verdict::kWarn: return "warn";
    case Verdict::kError: return "**error**";
    case Verdict::kKnown: return "known";
    case Verdict::kSkip: return "skip";
  }
  return "?";
}

std::string reason_of(const ScenarioResult& result) {
  if (result.verdict == Verdict::kKnown) return result.known_reason;
  return told_headline(result);
}

std::string cell(std::string_view text) {
  return code_span(without_ci_commands(cap_end(printable(text), kCellLimit)));
}

class Summary {
 public:
  Summary(const RunResult& run, const std::string& root, std::ostream& out)
      : run_(run), root_(root), out_(out) {}

  void write() {
    const auto findings = findings_of(run_);
    out_ << "## dialtone: " << cell(run_.target) << "\n\n" << summary_line(run_) << ".\n";
    if (const auto note = shard_note(run_); !note.empty())
      out_ << "\n**Part of a run:** " << note << ".\n";
    if (!run_.target_problem.empty())
      out_ << "\n**The target failed after the last scenario:** " << cell(run_.target_problem)
           << ".\n";
    if (run_.interrupted) out_ << "\n**Interrupted:** this is what had finished.\n";
    auto told = findings.errors;
    told.insert(told.end(), findings.warnings.begin(), findings.warnings.end());
    const auto with_evidence = told.size();
    for (const auto verdict : {Verdict::kKnown, Verdict::kSkip})
      for (const auto& result : run_.results)
        if (result.verdict == verdict) told.push_back(&result);
    write_table(told);
    told.resize(with_evidence);
    write_blocks(told);
    out_ << '\n';
  }

 private:
  void write_table(const std::vector<const ScenarioResult*>& told) {
    if (told.empty()) return;
    out_ << "\n| verdict | scenario | what it is about | what came of it | where |\n"
            "|---|---|---|---|---|\n";
    const auto shown = std::min(told.size(), kMostRows);
    for (std::size_t i = 0; i < shown; ++i) write_row(*told[i]);
    if (shown < told.size())
      out_ << fmt::format("\n{} more of these.\n", plural(told.size() - shown, "scenario"));
  }

  void write_row(const ScenarioResult& result) {
    out_ << fmt::format("| {} | {} | {} | {} | {} |\n", word_for(result),
                        cell(result.suite->name + "/" + display_name(result)),
                        cell(result.scenario->title), cell(reason_of(result)),
                        cell(place_of(result)));
  }

  std::string place_of(const ScenarioResult& result) const {
    auto where = told_run(result).where;
    where.file = report_path(where.file, root_);
    return to_string(where);
  }

  void write_blocks(const std::vector<const ScenarioResult*>& told) {
    const auto shown = std::min(told.size(), kMostBlocks);
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& result = *told[i];
      out_ << "\n### " << cell(display_name(result)) << "\n\n"
           << code_block(without_ci_commands(evidence(result)));
    }
    if (shown < told.size())
      out_ << fmt::format("\nThe evidence of {} more is in the other reports.\n",
                          plural(told.size() - shown, "scenario"));
  }

  std::string evidence(const ScenarioResult& result) const {
    return cap_middle(whole_evidence(told_run(result), root_, kEvents), kBlockLimit) +
           "run it again: " + cap_end(printable(rerun_command(run_, result)), kBlockLimit / 4);
  }

  const RunResult& run_;
  const std::string& root_;
  std::ostream& out_;
};

}  // namespace

Findings findings_of(const RunResult& run) {
  Findings findings;
  const auto take = [&](Verdict verdict, std::vector<const ScenarioResult*>& into) {
    for (const auto& result : run.results)
      if (result.verdict == verdict) into.push_back(&result);
  };
  take(Verdict::kFail, findings.errors);
  take(Verdict::kError, findings.errors);
  take(Verdict::kWarn, run.strict ? findings.errors : findings.warnings);
  for (const auto& result : run.results)
    if (is_flaky(result)) findings.warnings.push_back(&result);
  return findings;
}

std::string code_span(std::string_view text) {
  std::string span;
  for (const char c : printable(text)) {
    if (c == '`' || c == '|') {
      span += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      span += c;
    }
  }
  return span.empty() ? span : "`" + span + "`";
}

std::string code_block(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fmt::format("{}text\n{}{}{}\n", fence, text, text.ends_with('\n') ? "" : "\n", fence);
}

void write_summary(const RunResult& run, const std::string& root, std::ostream& out) {
  Summary(run, root, out).write();
}

}  // namespace dialtone::github
