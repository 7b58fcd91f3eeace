#include "reports/console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>
#include <vector>

#include "harness/model/duration.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "reports/attempts.hpp"
#include "reports/cap.hpp"
#include "reports/ci_commands.hpp"
#include "reports/console_block.hpp"
#include "reports/display_width.hpp"
#include "reports/evidence.hpp"
#include "reports/report_path.hpp"
#include "reports/summary.hpp"

namespace dialtone {
namespace {

constexpr int kMostBlocks = 3;  // of the repetitions of one scenario
// The status line is rewritten at most so often, and once for every failure.
constexpr std::size_t kStatusSteps = 200;
constexpr std::size_t kIndent = 7;  // of a block: the width of a verdict's column
constexpr std::size_t kIdWidth = 8;

// Select Graphic Rendition (ECMA-48, 8.3.117).
constexpr std::string_view kBold = "1";
constexpr std::string_view kFaint = "2";
constexpr std::string_view kRed = "31";
constexpr std::string_view kGreen = "32";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kMagenta = "35";
constexpr std::string_view kCyan = "36";

// A pass that took more than one attempt is never a plain one.
constexpr std::string_view kFlakyWord = "flaky";

/// Trouble stands out in capitals: colour is never the only sign.
std::string_view word_for(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kFail: return "FAIL";
    case Verdict::kWarn: return "warn";
    case Verdict::kError: return "ERROR";
    case Verdict::kKnown: return "known";
    case Verdict::kSkip: return "skip";
  }
  return "?";
}

std::string_view color_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return kGreen;
    case Verdict::kFail: return kRed;
    case Verdict::kWarn: return kYellow;
    case Verdict::kError: return kMagenta;
    case Verdict::kKnown: return kYellow;
    case Verdict::kSkip: return kCyan;
  }
  return kBold;
}

std::string_view color_of(Line::Tone tone) {
  switch (tone) {
    case Line::Tone::kPlain: return {};
    case Line::Tone::kFaint: return kFaint;
    case Line::Tone::kExpected: return kGreen;
    case Line::Tone::kActual: return kRed;
    case Line::Tone::kMark: return kBold;
  }
  return {};
}

/// What a scenario with several runs came to: the worst of them.
Verdict worst(const Totals& totals) {
  if (totals.error > 0) return Verdict::kError;
  if (totals.fail > 0) return Verdict::kFail;
  if (totals.warn > 0) return Verdict::kWarn;
  if (totals.known > 0) return Verdict::kKnown;
  return totals.pass > 0 ? Verdict::kPass : Verdict::kSkip;
}

/// Whether even a quiet console shows it.
bool is_trouble(Verdict verdict, bool strict) {
  switch (verdict) {
    case Verdict::kPass:
    case Verdict::kKnown:
    case Verdict::kSkip: return false;
    case Verdict::kWarn: return strict;
    case Verdict::kFail:
    case Verdict::kError: return true;
  }
  return true;
}

/// "498/500 passed, 2 failed": what is on the right of a line.
std::string outcome_text(const Totals& totals, int repetitions, Duration took) {
  if (repetitions <= 1) return totals.skip > 0 ? std::string() : humanize(took);
  auto text = fmt::format("{}/{} passed", totals.pass, repetitions);
  const std::array others{std::pair(totals.fail, "failed"),
                          std::pair(totals.warn, "warned"),
                          std::pair(totals.error, "without judgement"),
                          std::pair(totals.known, "known to fail"),
                          std::pair(totals.flaky, "flaky"),
                          std::pair(totals.skip, "skipped")};
  for (const auto& [number, word] : others) {
    if (number > 0) text += fmt::format(", {} {}", number, word);
  }
  return text;
}

}  // namespace

Console::Console(std::ostream& out, ConsoleOptions options) : out_(out), options_(options) {}

void Console::begin(const RunResult& run, std::size_t total) {
  run_.target = run.target;
  run_.rerun = run.rerun;
  run_.strict = run.strict;
  total_ = total;
  if (options_.verbosity >= 0) {
    out_ << "target: " << printable(run.target) << '\n';
    if (const auto note = shard_note(run); !note.empty()) out_ << note << '\n';
    has_printed_ = true;
  }
  print_status();
}

void Console::started(std::size_t index, const std::string& id, TimePoint now) {
  now_ = now;
  in_flight_.begin(index, id, now);
}

void Console::happened(const std::string& line) {
  erase_status();
  out_ << painted(without_ci_commands(printable(line)), kFaint) << '\n';
  out_.flush();
  has_printed_ = true;
}

void Console::tick(TimePoint now) {
  now_ = now;
  if (options_.progress) rewrite_status();
}

void Console::finished(std::size_t index, const ScenarioResult& result) {
  in_flight_.end(index);
  told_.add(result);
  waiting_.emplace(index, Finished{.suite = result.suite,
                                   .scenario = result.scenario,
                                   .repetitions = result.repetitions,
                                   .verdict = result.verdict,
                                   .is_flaky = is_flaky(result),
                                   .took = result.took,
                                   .variants = result.variants ? result.variants->run : 0,
                                   .details = details_of(result)});
  for (auto first = waiting_.find(next_); first != waiting_.end(); first = waiting_.find(next_)) {
    take(first->first, first->second);
    waiting_.erase(first);
    ++next_;
  }
  print_status();
}

void Console::end(const RunResult& run) {
  erase_status();
  print_remaining();
  if (has_printed_) out_ << '\n';
  const auto failed = failed_line(run);
  if (!failed.empty()) out_ << painted(failed, kRed) << '\n';
  if (run.interrupted) {
    const auto of = total_ == 0 ? "" : fmt::format(" of {}", total_);
    out_ << painted(fmt::format("interrupted: {}{} finished", run.results.size(), of), kYellow)
         << '\n';
  }
  const bool is_good = failed.empty() && count(run.results).pass > 0;
  out_ << painted(summary_line(run), is_good ? kGreen : kBold) << '\n';
  out_.flush();
}

std::string Console::details_of(const ScenarioResult& result) const {
  Lines lines;
  switch (result.verdict) {
    case Verdict::kPass:
      lines = variant_block(result);
      if (options_.verbosity == 1 && result.repetitions <= 1)
        append(lines, conversation_block(result));
      break;
    case Verdict::kSkip:
      lines.push_back({printable(result.problem.message), Line::Tone::kFaint});
      break;
    case Verdict::kKnown:
      lines.push_back(
          {fmt::format("known failure: {}", printable(result.known_reason)), Line::Tone::kPlain});
      lines.push_back({headline(result), Line::Tone::kFaint});
      break;
    case Verdict::kFail:
    case Verdict::kWarn:
    case Verdict::kError: lines = problem_block(result, run_, options_.width); break;
  }
  for (auto& note : attempt_notes(result)) lines.push_back({std::move(note), Line::Tone::kFaint});
  if (const auto note = stalled_note(result); !note.empty())
    lines.push_back({note, Line::Tone::kFaint});
  return render(lines, kIndent);
}

void Console::take(std::size_t index, const Finished& result) {
  auto& tally = tallies_
                    .try_emplace(result.scenario, Tally{.first_index = index,
                                                        .suite = result.suite,
                                                        .scenario = result.scenario,
                                                        .repetitions = result.repetitions})
                    .first->second;
  tally.totals.add(result.verdict);
  if (result.is_flaky) ++tally.totals.flaky;
  tally.took += result.took;
  tally.variants += result.variants;
  if (!result.details.empty() && tally.blocks < kMostBlocks) {
    ++tally.blocks;
    tally.details += result.details;
  }
  if (tally.totals.all() < tally.repetitions) return;
  print(tally);
  tallies_.erase(result.scenario);
}

void Console::print(const Tally& tally) {
  const auto verdict = worst(tally.totals);
  const bool is_told = is_trouble(verdict, run_.strict) || tally.totals.flaky > 0;
  if (options_.verbosity < 0 && !is_told) return;
  erase_status();
  print_heading(tally.suite);
  out_ << result_line(tally, verdict) << '\n' << tally.details;
  out_.flush();
}

void Console::print_heading(const std::shared_ptr<const Suite>& suite) {
  if (heading_ == suite) return;
  heading_ = suite;
  if (has_printed_) out_ << '\n';
  has_printed_ = true;
  const auto title = suite->title.empty() ? "" : "  " + suite->title;
  out_ << painted(printable(suite->name + title), kBold) << "  "
       << painted(printable(report_path(suite->file)), kFaint) << '\n';
}

std::string Console::result_line(const Tally& tally, Verdict verdict) const {
  const bool is_flaky = verdict == Verdict::kPass && tally.totals.flaky > 0;
  const auto word = is_flaky ? kFlakyWord : word_for(verdict);
  const auto color = is_flaky ? kYellow : color_of(verdict);
  const auto id = printable(tally.scenario->id);
  const auto title = printable(tally.scenario->title);
  auto outcome = outcome_text(tally.totals, tally.repetitions, tally.took);
  if (tally.variants > 0) outcome = plural(tally.variants, "variant") + ", " + outcome;
  const auto left = kIndent + std::max(kIdWidth, display_width(id)) + 2 + display_width(title);
  const auto wanted = static_cast<std::size_t>(std::max(options_.width, 0));
  const auto gap = wanted > left + outcome.size() + 2 ? wanted - left - outcome.size() : 2;
  auto line = fmt::format("{}{:{}}{:<{}}  {}", painted(word, color), "", kIndent - word.size(), id,
                          kIdWidth, title);
  if (!outcome.empty()) line += std::string(gap, ' ') + outcome;
  return line;
}

void Console::print_remaining() {
  for (const auto& [index, result] : waiting_) take(index, result);
  waiting_.clear();
  std::vector<const Tally*> unfinished;
  for (const auto& [scenario, tally] : tallies_) unfinished.push_back(&tally);
  std::ranges::sort(unfinished, {}, &Tally::first_index);
  for (const auto* tally : unfinished) print(*tally);
  tallies_.clear();
}

void Console::print_status() {
  if (!options_.progress) return;
  const auto done = static_cast<std::size_t>(told_.all());
  const auto failed = static_cast<std::size_t>(told_.fail) + static_cast<std::size_t>(told_.error);
  const auto part = total_ == 0 ? done : done * kStatusSteps / total_;
  const auto step = part + failed * (kStatusSteps + 1);
  if (has_status_ && step == status_step_) return;
  status_step_ = step;
  rewrite_status();
}

std::string Console::status_text() const {
  const auto done = told_.all();
  const auto number = total_ == 0 ? std::to_string(done) : fmt::format("{}/{}", done, total_);
  auto text = fmt::format("{} finished, {} failed", number, told_.fail + told_.error);
  if (const auto flights = in_flight_.text(now_); !flights.empty()) text += "; " + flights;
  return text;
}

void Console::rewrite_status() {
  erase_status();
  const auto status = status_text();
  // A line that wraps could not be erased.
  const auto columns = static_cast<std::size_t>(std::max(options_.width, 20)) - 1;
  out_ << painted(cap_end(status, columns), kFaint);
  out_.flush();
  has_status_ = true;
}

void Console::erase_status() {
  if (!has_status_) return;
  out_ << "\r\x1b[K";  // EL, ECMA-48 8.3.41: to the end of the line
  has_status_ = false;
}

std::string Console::render(const Lines& lines, std::size_t indent) const {
  std::string text;
  for (const auto& line : lines)
    text += std::string(indent, ' ') +
            painted(without_ci_commands(line.text), color_of(line.tone)) + "\n";
  return text;
}

std::string Console::painted(std::string_view text, std::string_view sgr) const {
  if (!options_.color || sgr.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", sgr, text);
}

}  // namespace dialtone
