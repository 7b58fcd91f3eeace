#include "reports/tap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "harness/model/printable.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/attempts.hpp"
#include "reports/cap.hpp"
#include "reports/ci_commands.hpp"
#include "reports/conversation.hpp"
#include "reports/evidence.hpp"
#include "reports/junit_groups.hpp"
#include "reports/report_path.hpp"
#include "reports/summary.hpp"

namespace dialtone {
namespace {

using junit::Case;
using junit::Group;

constexpr std::string_view kVersion14 = "14";
constexpr std::string_view kVersion13 = "13";
constexpr std::array kVariants{kVersion14, kVersion13};

constexpr std::string_view kSubtest = "    ";    // before each line of a subtest
constexpr std::size_t kDescriptionLimit = 1000;  // octets
constexpr std::size_t kTextLimit = 32'768;       // octets of a text in a diagnostic

/// A description or a reason on one line. The number sign begins a directive and the backslash
/// escapes it; a brace at the end would begin a subtest for some consumers.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : cap_end(printable(text), kDescriptionLimit)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  while (out.ends_with(' ')) out.pop_back();
  if (out.ends_with('{')) out.replace(out.size() - 1, 1, R"(\\x7b)");
  return out;
}

/// In double quotes. JSON's strings are YAML's.
std::string yaml_string(std::string_view text) { return nlohmann::json(printable(text)).dump(); }

/// "2.010", in milliseconds: from integers, so that no locale has a say.
std::string milliseconds(Duration took) {
  const auto microseconds = std::chrono::round<std::chrono::microseconds>(took).count();
  return fmt::format("{}.{:03}", microseconds / 1000, microseconds % 1000);
}

bool is_not_ok(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
    case Verdict::kSkip: return false;
    case Verdict::kFail:
    case Verdict::kWarn:
    case Verdict::kError:
    case Verdict::kKnown: return true;
  }
  return true;
}

class TapReport {
 public:
  TapReport(const RunResult& run, const ReportOptions& options, std::ostream& out)
      : run_(run),
        root_(options.root),
        out_(out),
        has_subtests_(options.variant != kVersion13),
        point_(has_subtests_ ? kSubtest : ""),
        diagnostic_(std::string(point_) + "  ") {}

  void write() {
    junit::Groups groups(run_);
    const auto points = has_subtests_ ? groups.all().size() : run_.results.size();
    out_ << "TAP version " << (has_subtests_ ? kVersion14 : kVersion13) << '\n';
    comment("dialtone " DIALTONE_VERSION ", target: " + run_.target);
    if (const auto note = shard_note(run_); !note.empty()) comment(note);
    out_ << (points == 0 ? "1..0 # SKIP nothing ran" : "1.." + std::to_string(points)) << '\n';
    std::size_t number = 0;
    for (const auto& group : groups.all()) {
      if (has_subtests_) {
        write_suite(groups, group, ++number);
      } else {
        comment("suite: " + group.suite->name);
        groups.each_case(group, [&](const Case& test) { write_case(test, ++number); });
      }
    }
    comment(summary_line(run_));
    if (run_.interrupted)
      put(fmt::format("Bail out! interrupted: {} finished", run_.results.size()));
    if (!run_.target_problem.empty())
      put("Bail out! after the last scenario: " + escaped(run_.target_problem));
  }

 private:
  // What stands after "Subtest:" must be the description of the test point that ends it.
  void write_suite(junit::Groups& groups, const Group& group, std::size_t number) {
    const auto name = escaped(group.suite->name);
    put("# Subtest: " + name);
    put(fmt::format("{}1..{}", point_, group.counters.tests));
    std::size_t inner = 0;
    groups.each_case(group, [&](const Case& test) { write_case(test, ++inner); });
    const auto& counters = group.counters;
    const bool is_good = counters.failures + counters.errors == 0;
    put(fmt::format("{} {} - {}", is_good ? "ok" : "not ok", number, name));
  }

  void write_case(const Case& test, std::size_t number) {
    const auto& result = *test.result;
    put(fmt::format("{}{} {} - {}{}", point_, is_not_ok(result.verdict) ? "not ok" : "ok", number,
                    escaped(test.name), directive(result)));
    write_diagnostic(result);
  }

  std::string directive(const ScenarioResult& result) const {
    switch (result.verdict) {
      case Verdict::kPass:
      case Verdict::kFail:
      case Verdict::kError: return {};
      case Verdict::kSkip: return " # SKIP " + escaped(headline(result));
      case Verdict::kKnown: return " # TODO known failure: " + escaped(result.known_reason);
      case Verdict::kWarn:
        return run_.strict ? "" : " # TODO warning: " + escaped(headline(result));
    }
    return {};
  }

  void write_diagnostic(const ScenarioResult& result) {
    put(diagnostic_ + "---");
    field("verdict", name_of(result.verdict));
    if (is_not_ok(result.verdict)) write_problem(result);
    field("duration_ms", milliseconds(result.took));
    if (result.stalled_runs > 0) field("stalled_runs", std::to_string(result.stalled_runs));
    write_attempts(result);
    if (is_not_ok(result.verdict)) write_texts(result);
    put(diagnostic_ + "...");
  }

  void write_attempts(const ScenarioResult& result) {
    if (result.attempts.empty()) return;
    if (is_flaky(result)) field("flaky", "true");
    put(diagnostic_ + "attempts:");
    for (const auto& note : attempt_notes(result))
      put(fmt::format("{}  - {}", diagnostic_, yaml_string(note)));
  }

  void write_problem(const ScenarioResult& result) {
    field("message", yaml_string(headline(result)));
    field("type", yaml_string(result.problem.type));
    field("level", name_of(result.scenario->level));
    put(diagnostic_ + "at:");
    field("  file", yaml_string(report_path(result.where.file, root_)));
    field("  line", std::to_string(result.where.line));
    field("  column", std::to_string(result.where.column));
    field("rerun", yaml_string(rerun_command(run_, result)));
  }

  void write_texts(const ScenarioResult& result) {
    block("evidence",
          plain_text(render_evidence(result, {.mark = DifferenceStyle::Mark::kBars}, root_)));
    const ConversationOptions options{.encoding = result.scenario->encoding};
    block("conversation", plain_text(render_conversation(result.transcript, options)));
  }

  void field(std::string_view key, std::string_view value) {
    put(fmt::format("{}{}: {}", diagnostic_, key, value));
  }

  /// A literal block scalar. `text` is printable, and its first line begins with a letter or a
  /// bracket: from that YAML takes the indentation.
  void block(std::string_view key, const std::string& text) {
    if (text.empty()) return;
    put(fmt::format("{}{}: |", diagnostic_, key));
    const auto capped = cap_middle(text, kTextLimit);
    for (std::size_t at = 0; at < capped.size();) {
      const auto end = std::min(capped.find('\n', at), capped.size());
      put(fmt::format("{}  {}", diagnostic_, std::string_view(capped).substr(at, end - at)));
      at = end + 1;
    }
  }

  void comment(std::string_view text) { put("# " + printable(text)); }

  void put(const std::string& line) { out_ << without_ci_commands(line) << '\n'; }

  const RunResult& run_;
  const std::string& root_;
  std::ostream& out_;
  const bool has_subtests_;
  const std::string_view point_;  // before a scenario's test point
  const std::string diagnostic_;  // before a line of its diagnostic: two more
};

void write_tap(const RunResult& run, const ReportOptions& options, std::ostream& out) {
  TapReport(run, options, out).write();
}

}  // namespace

const ReportFormat kTapReport{
    .name = "tap",
    .summary = "Test Anything Protocol, version 14; tap:13 for readers that know no subtests",
    .variants = kVariants,
    .write = write_tap};

}  // namespace dialtone
