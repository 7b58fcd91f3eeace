#include "harness/model/result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/plural.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/under_way.hpp"

namespace dialtone {
namespace {

bool is_plain_in_a_shell(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-+=./:,@%").find(c) != std::string_view::npos;
}

/// One word of a POSIX shell (XCU 2.2.2): inside single quotes only the quote itself is special.
std::string shell_word(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain_in_a_shell)) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kFail: return "fail";
    case Verdict::kWarn: return "warn";
    case Verdict::kError: return "error";
    case Verdict::kKnown: return "known";
    case Verdict::kSkip: return "skip";
  }
  return "unknown";
}

bool is_flaky(const ScenarioResult& result) {
  return result.verdict == Verdict::kPass && !result.attempts.empty();
}

void Totals::add(const ScenarioResult& result) {
  add(result.verdict);
  if (is_flaky(result)) ++flaky;
}

void Totals::add(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: ++pass; break;
    case Verdict::kFail: ++fail; break;
    case Verdict::kWarn: ++warn; break;
    case Verdict::kError: ++error; break;
    case Verdict::kKnown: ++known; break;
    case Verdict::kSkip: ++skip; break;
  }
}

Totals count(const std::vector<ScenarioResult>& results) {
  Totals totals;
  for (const auto& result : results) totals.add(result);
  return totals;
}

std::string stalled_note(const ScenarioResult& result) {
  if (result.stalled_runs == 0) return {};
  return fmt::format("{} before this one gave no verdict: the harness had stood still",
                     plural(static_cast<std::size_t>(result.stalled_runs), "run"));
}

std::vector<std::string> notes_of(const VariantSummary& variants) {
  std::vector<std::string> notes;
  if (variants.cuts > 0 && variants.cuts < variants.possible_cuts) {
    notes.push_back(fmt::format("variants: {} of {} cuts, a sample (--vary-seed {})", variants.cuts,
                                variants.possible_cuts, variants.seed));
  }
  if (variants.unshown > 0)
    notes.push_back(fmt::format(
        "variants: the kernel did not show that each piece was read by itself in {} of {}",
        variants.unshown, variants.run));
  notes.insert(notes.end(), variants.none.begin(), variants.none.end());
  return notes;
}

std::string display_name(const ScenarioResult& result) {
  if (result.repetitions <= 1) return result.scenario->id;
  return fmt::format("{} [{}/{}]", result.scenario->id, result.repetition, result.repetitions);
}

std::vector<RunProblem> problems_of(const RunResult& run) {
  std::vector<RunProblem> problems;
  const auto finished = std::ranges::count_if(
      run.results, [](const ScenarioResult& result) { return result.problem.type != kUnderWay; });
  if (run.interrupted)
    problems.push_back(
        {"the run", fmt::format("it was interrupted: {} finished, the rest has no verdict",
                                plural(static_cast<std::size_t>(finished), "scenario"))});
  if (!run.target_problem.empty())
    problems.push_back({"the target after the last scenario", run.target_problem});
  return problems;
}

std::string rerun_command(const RunResult& run, const ScenarioResult& result) {
  const auto& file = result.suite->file;
  const auto path = file.starts_with('-') ? "./" + file : file;  // else it would be an option
  return fmt::format("{} {} --filter {}", run.rerun, shell_word(path),
                     shell_word(result.scenario->id));
}

}  // namespace dialtone
