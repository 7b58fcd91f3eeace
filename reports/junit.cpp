#include "reports/junit.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <vector>

#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/cap.hpp"
#include "reports/conversation.hpp"
#include "reports/evidence.hpp"
#include "reports/junit_groups.hpp"
#include "reports/report_path.hpp"
#include "reports/xml_writer.hpp"

namespace dialtone {
namespace {

using junit::Case;
using junit::Counters;
using junit::Group;

constexpr std::string_view kPortable = "portable";
constexpr std::string_view kJenkinsXunit = "jenkins-xunit";
constexpr std::array kVariants{kPortable, kJenkinsXunit};

constexpr std::size_t kBodyLimit = 65'536;         // octets of a failure's text
constexpr std::size_t kOutputLimit = 100'000;      // octets of one system-out or system-err
constexpr std::size_t kProgramLimit = 30'000;      // octets of one program's output within it
constexpr std::size_t kEvidenceLimit = 6'000'000;  // octets of both over the whole report

/// "0.405": from integers, so that no locale has a say.
std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

/// "2026-11-22T13:55:07Z" (ISO 8601, UTC).
std::string timestamp(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

/// "dialtone.ExpectMismatch". Only \w: some readers take a bare word such as "yaml" for a type of
/// their own.
std::string type_of(const Problem& problem) {
  std::string word;
  for (const char c : problem.type) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9') || c == '_') word += c;
  }
  return "dialtone." + (word.empty() ? std::string("Problem") : word);
}

std::string heading(std::string_view program, std::string_view stream, std::string_view rest) {
  return printable(fmt::format("--- {}: {}{}", program, stream, rest)) + "\n";
}

/// What the conversation was, then what the programs wrote.
std::string system_out(const ScenarioResult& result) {
  const ConversationOptions options{.encoding = result.scenario->encoding};
  auto text = plain_text(render_conversation(result.transcript, options));
  for (const auto& output : result.outputs) {
    const auto ended = output.ended.empty() ? "" : ", " + output.ended;
    if (output.standard_output.empty() && ended.empty()) continue;
    text += heading(output.program, "standard output", ended);
    text += printable_lines(output.standard_output, kProgramLimit);
    if (!text.ends_with('\n')) text += '\n';
  }
  return cap_middle(text, kOutputLimit);
}

std::string system_err(const ScenarioResult& result) {
  std::string text;
  for (const auto& output : result.outputs) {
    if (output.standard_error.empty()) continue;
    text += heading(output.program, "standard error", "");
    text += printable_lines(output.standard_error, kProgramLimit);
    if (!text.ends_with('\n')) text += '\n';
  }
  return cap_middle(text, kOutputLimit);
}

class JunitReport {
 public:
  JunitReport(const RunResult& run, const ReportOptions& options, std::ostream& out)
      : run_(run), root_(options.root), is_portable_(options.variant != kJenkinsXunit), xml_(out) {}

  void write() {
    const auto groups = junit::group_by_file(run_);
    xml_.open("testsuites");
    xml_.attribute("name", "dialtone");
    write_counters(junit::sum(groups), is_portable_);
    if (is_portable_) xml_.attribute("timestamp", timestamp(run_.started));
    int id = 0;
    for (const auto& group : groups) write_suite(group, id++);
    xml_.close();
  }

 private:
  void write_counters(const Counters& counters, bool with_skipped) {
    xml_.attribute("tests", std::to_string(counters.tests));
    xml_.attribute("failures", std::to_string(counters.failures));
    xml_.attribute("errors", std::to_string(counters.errors));
    if (with_skipped) xml_.attribute("skipped", std::to_string(counters.skipped));
    xml_.attribute("time", seconds(counters.milliseconds));
  }

  void write_suite(const Group& group, int id) {
    xml_.open("testsuite");
    xml_.attribute("name", group.suite->name);
    write_counters(group.counters, true);
    xml_.attribute("timestamp", timestamp(group.started));
    xml_.attribute("hostname", run_.host);
    xml_.attribute("id", std::to_string(id));
    xml_.attribute("file", report_path(group.suite->file, root_));
    write_properties(group);
    for (const auto& test : group.cases) write_case(test, *group.suite);
    xml_.close();
  }

  void write_properties(const Group& group) {
    xml_.open("properties");
    write_property("dialtone.version", DIALTONE_VERSION);
    write_property("dialtone.target", run_.target);
    if (run_.interrupted) write_property("dialtone.interrupted", "true");
    if (run_.shard) write_property("dialtone.shard", to_string(run_.shard->shard));
    if (run_.partial) write_property("dialtone.missing_shards", missing_shards(*run_.partial));
    if (group.renamed > 0) {
      write_property("dialtone.warning",
                     fmt::format("{} had a name that was taken: the first is now '{}'",
                                 plural(group.renamed, "scenario"), group.first_renamed));
    }
    xml_.close();
  }

  void write_property(std::string_view name, std::string_view value) {
    xml_.open("property");
    xml_.attribute("name", name);
    xml_.attribute("value", value);
    xml_.close();
  }

  void write_case(const Case& test, const Suite& suite) {
    const auto& result = *test.result;
    xml_.open("testcase");
    xml_.attribute("name", test.name);
    xml_.attribute("classname", suite.name);
    xml_.attribute("time", seconds(junit::milliseconds(result.took)));
    if (is_portable_) {
      xml_.attribute("file", report_path(suite.file, root_));
      xml_.attribute("line", std::to_string(result.scenario->where.line));
    }
    if (is_portable_) write_properties(result);
    write_verdict(result);
    xml_.close();
  }

  void write_properties(const ScenarioResult& result) {
    if (!result.variants && result.stalled_runs == 0) return;
    xml_.open("properties");
    if (result.variants) write_variants(*result.variants);
    if (result.stalled_runs > 0)
      write_property("dialtone.stalled_runs", std::to_string(result.stalled_runs));
    xml_.close();
  }

  void write_variants(const VariantSummary& variants) {
    write_property("dialtone.variants", std::to_string(variants.run));
    if (!variants.differs.empty()) write_property("dialtone.variant", variants.differs);
    for (const auto& note : notes_of(variants)) write_property("dialtone.variants.note", note);
  }

  void write_verdict(const ScenarioResult& result) {
    switch (result.verdict) {
      case Verdict::kPass: return;
      case Verdict::kSkip: return write_skipped(result);
      case Verdict::kKnown:
        return write_problem(result, "skipped",
                             fmt::format("known failure: {}: ", printable(result.known_reason)));
      case Verdict::kFail: return write_problem(result, "failure", "");
      case Verdict::kError: return write_problem(result, "error", "");
      case Verdict::kWarn:
        return run_.strict ? write_problem(result, "failure", "")
                           : write_problem(result, "skipped", "warning: ");
    }
  }

  void write_skipped(const ScenarioResult& result) {
    const auto reason = headline(result);
    xml_.open("skipped");
    xml_.attribute("message", reason);
    xml_.text(reason);  // some readers show only the body
    xml_.close();
  }

  void write_problem(const ScenarioResult& result, std::string_view element,
                     std::string_view prefix) {
    const auto message = std::string(prefix) + headline(result);
    xml_.open(element);
    xml_.attribute("message", message);
    if (element != "skipped") xml_.attribute("type", type_of(result.problem));  // no schema has it
    write_evidence_text(message + "\n" + body(result));
    xml_.close();
    write_output("system-out", system_out(result));
    write_output("system-err", system_err(result));
  }

  std::string body(const ScenarioResult& result) const {
    if (is_evidence_spent())
      return "evidence left out: this report holds as much as readers take\n";
    const auto lines = render_evidence(result, {.mark = DifferenceStyle::Mark::kBars}, root_);
    return cap_middle(plain_text(lines), kBodyLimit - 2048);  // the message stands before it
  }

  void write_output(std::string_view element, const std::string& text) {
    if (text.empty() || is_evidence_spent()) return;
    xml_.open(element);
    write_evidence_text(text);
    xml_.close();
  }

  void write_evidence_text(const std::string& text) {
    evidence_written_ += text.size();
    xml_.text(text);
  }

  // A server that fails everything must not make a report that CI refuses for its size.
  bool is_evidence_spent() const { return evidence_written_ >= kEvidenceLimit; }

  const RunResult& run_;
  const std::string& root_;
  const bool is_portable_;
  XmlWriter xml_;
  std::size_t evidence_written_ = 0;
};

void write_junit(const RunResult& run, const ReportOptions& options, std::ostream& out) {
  JunitReport(run, options, out).write();
}

}  // namespace

const ReportFormat kJunitReport{
    .name = "junit",
    .summary = "JUnit XML, as CI systems read it; junit:jenkins-xunit for Jenkins' xunit plug-in",
    .variants = kVariants,
    .write = write_junit};

}  // namespace dialtone
