#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/attempts.hpp"
#include "reports/evidence.hpp"
#include "reports/junit_groups.hpp"
#include "reports/junit_text.hpp"
#include "reports/report_path.hpp"
#include "reports/xml_writer.hpp"

namespace dialtone {
namespace {

using junit::Case;
using junit::Counters;
using junit::Group;
using junit::kBodyLimit;
using junit::Outcome;
using junit::seconds;
using junit::system_err;
using junit::system_out;
using junit::timestamp;
using junit::type_of;

constexpr std::string_view kPortable = "portable";
constexpr std::string_view kJenkinsXunit = "jenkins-xunit";
constexpr std::array kVariants{kPortable, kJenkinsXunit};
constexpr std::string_view kOurs = "dialtone";  // the suite of what is no scenario's

constexpr std::size_t kMessageLimit = 2048;  // octets of a message that stands before a body
// Octets of bodies and outputs, of all cases.
constexpr std::size_t kMostEvidence = 6'000'000;
constexpr std::size_t kLeastEvidence = 500'000;
// GitLab takes files of less than 30 MB. A case of usual names that failed takes 250 octets without
// any evidence.
constexpr std::size_t kReportLimit = 28'000'000;
constexpr std::size_t kCaseSize = 250;

std::size_t evidence_limit(std::size_t cases) {
  const auto left = kReportLimit - std::min(kReportLimit, cases * kCaseSize);
  return std::clamp(left, kLeastEvidence, kMostEvidence);
}

/// A message in a text: see capped().
std::string as_text(std::string message) {
  return junit::capped(std::move(message), kMessageLimit);
}

class JunitReport {
 public:
  JunitReport(const RunResult& run, const ReportOptions& options, std::ostream& out)
      : run_(run),
        options_(options),
        is_portable_(options.variant != kJenkinsXunit),
        evidence_limit_(evidence_limit(run.results.size())),
        groups_(run),
        xml_(out) {}

  void write() {
    xml_.open("testsuites");
    xml_.attribute("name", "dialtone");
    auto sum = groups_.sum();
    const auto problems = problems_of(run_);
    for (std::size_t i = 0; i < problems.size(); ++i) sum.add(Outcome::kError, 0);
    write_counters(sum, is_portable_);
    if (is_portable_) xml_.attribute("timestamp", timestamp(run_.started));
    int id = 0;
    for (const auto& group : groups_.all()) write_suite(group, id++);
    if (!problems.empty()) write_problems(problems, id);
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
    xml_.attribute("file", report_path(group.suite->file, options_.root));
    write_properties(group);
    groups_.each_case(group, [&](const Case& test) { write_case(test, *group.suite); });
    xml_.close();
  }

  void write_problems(const std::vector<RunProblem>& problems, int id) {
    Counters sum;
    for (std::size_t i = 0; i < problems.size(); ++i) sum.add(Outcome::kError, 0);
    xml_.open("testsuite");
    xml_.attribute("name", kOurs);
    write_counters(sum, true);
    xml_.attribute("timestamp", timestamp(run_.started));
    xml_.attribute("hostname", run_.host);
    xml_.attribute("id", std::to_string(id));
    xml_.open("properties");
    write_run_properties();
    xml_.close();
    for (const auto& problem : problems) write_problem(problem);
    xml_.close();
  }

  void write_problem(const RunProblem& problem) {
    xml_.open("testcase");
    xml_.attribute("name", problem.name);
    xml_.attribute("classname", kOurs);
    xml_.attribute("time", seconds(0));
    xml_.open("error");
    xml_.attribute("message", problem.message);
    xml_.attribute("type", "dialtone.RunProblem");
    write_text(as_text(printable(problem.message)));
    xml_.close();
    xml_.close();
  }

  void write_run_properties() {
    write_property("dialtone.version", DIALTONE_VERSION);
    write_property("dialtone.target", run_.target);
    if (run_.interrupted) write_property("dialtone.interrupted", "true");
    if (run_.shard) write_property("dialtone.shard", to_string(run_.shard->shard));
    if (run_.partial) write_property("dialtone.missing_shards", missing_shards(*run_.partial));
  }

  void write_properties(const Group& group) {
    xml_.open("properties");
    write_run_properties();
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
      xml_.attribute("file", report_path(suite.file, options_.root));
      xml_.attribute("line", std::to_string(result.scenario->where.line));
      write_properties(result);
    }
    write_verdict(test);
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

  void write_verdict(const Case& test) {
    const auto& result = *test.result;
    switch (result.verdict) {
      case Verdict::kPass: return write_pass(test);
      case Verdict::kSkip: return write_skipped(result);
      case Verdict::kKnown:
        return write_excused(test,
                             fmt::format("known failure: {}: ", printable(result.known_reason)));
      case Verdict::kFail: return write_failure(test);
      case Verdict::kError: return write_error(test);
      case Verdict::kWarn:
        return run_.strict ? write_failure(test) : write_excused(test, "warning: ");
    }
  }

  void write_pass(const Case& test) {
    if (!is_flaky(*test.result)) return;
    write_attempts(*test.result, Outcome::kFailure, "flakyFailure");
    write_attempts(*test.result, Outcome::kError, "flakyError");
    const auto files = attachments_of(test);
    if (!files.empty()) write_output("system-out", system_out(*test.result, files));
  }

  void write_skipped(const ScenarioResult& result) {
    const auto reason = headline(result);
    xml_.open("skipped");
    xml_.attribute("message", reason);
    xml_.text(as_text(reason));  // some readers show only the body
    xml_.close();
  }

  void write_excused(const Case& test, const std::string& prefix) {
    const auto& result = *test.result;
    const auto message = prefix + headline(result);
    xml_.open("skipped");  // no schema lets it have a type
    xml_.attribute("message", message);
    if (!is_evidence_spent()) write_text(as_text(message) + "\n" + body(result));
    xml_.close();
    write_outputs(test);
  }

  // The schemas fix the order of the elements.
  void write_failure(const Case& test) {
    write_problem(*test.result, "failure");
    write_attempts(*test.result, Outcome::kFailure, "rerunFailure");
    write_attempts(*test.result, Outcome::kError, "rerunError");
    write_outputs(test);
  }

  void write_error(const Case& test) {
    write_attempts(*test.result, Outcome::kFailure, "rerunFailure");
    write_problem(*test.result, "error");
    write_attempts(*test.result, Outcome::kError, "rerunError");
    write_outputs(test);
  }

  void write_problem(const ScenarioResult& result, std::string_view element) {
    const auto message = headline(result);
    const bool is_short = is_evidence_spent();
    xml_.open(element);
    if (!is_short) xml_.attribute("message", message);
    xml_.attribute("type", type_of(result.problem));
    write_text(as_text(message) + (is_short ? left_out() : "\n" + body(result)));
    xml_.close();
  }

  /// Those of the attempts that came to `outcome`. The case's own element is the last one's, whose
  /// verdict it has in all other reports; so these are the earlier ones.
  void write_attempts(const ScenarioResult& result, Outcome outcome, std::string_view element) {
    if (is_evidence_spent() && !is_flaky(result)) return;
    const auto notes = attempt_notes(result);
    for (std::size_t index = 0; index < notes.size(); ++index) {
      const auto& attempt = result.attempts[index];
      if (junit::outcome_of(attempt.verdict, /*strict=*/true) == outcome)
        write_attempt(attempt, notes[index], element);
    }
  }

  void write_attempt(const ScenarioResult& attempt, const std::string& note,
                     std::string_view element) {
    const bool is_short = is_evidence_spent();
    xml_.open(element);
    if (!is_short) xml_.attribute("message", note);
    xml_.attribute("type", type_of(attempt.problem));
    xml_.open("stackTrace");
    if (!is_short) write_text(as_text(note) + "\n" + body(attempt));
    xml_.close();
    write_output("system-out", system_out(attempt));
    write_output("system-err", system_err(attempt));
    xml_.close();
  }

  std::string body(const ScenarioResult& result) const {
    std::string text;
    for (const auto& note : attempt_notes(result)) text += note + "\n";
    const DifferenceStyle style{.mark = DifferenceStyle::Mark::kBars};
    text += plain_text(render_evidence(result, style, options_.root));
    return junit::capped(std::move(text), kBodyLimit - kMessageLimit);
  }

  /// Said once.
  std::string left_out() {
    if (std::exchange(has_left_out_, true)) return {};
    return "\nevidence left out from here on: this report holds as much as readers take\n";
  }

  void write_outputs(const Case& test) {
    write_output("system-out", system_out(*test.result, attachments_of(test)));
    write_output("system-err", system_err(*test.result));
  }

  void write_output(std::string_view element, const std::string& text) {
    if (text.empty() || is_evidence_spent()) return;
    xml_.open(element);
    write_text(text);
    xml_.close();
  }

  std::vector<std::string> attachments_of(const Case& test) const {
    return attachment_paths(options_, test.index);
  }

  void write_text(const std::string& text) {
    evidence_written_ += text.size();
    xml_.text(text);
  }

  // A server that fails everything must not make a report that CI refuses for its size.
  bool is_evidence_spent() const { return evidence_written_ >= evidence_limit_; }

  const RunResult& run_;
  const ReportOptions& options_;
  const bool is_portable_;
  const std::size_t evidence_limit_;
  junit::Groups groups_;
  XmlWriter xml_;
  std::size_t evidence_written_ = 0;
  bool has_left_out_ = false;
};

void write_junit(const RunResult& run, const ReportOptions& options, std::ostream& out) {
  JunitReport(run, options, out).write();
}

}  // namespace

const ReportFormat kJunitReport{
    .name = "junit",
    .summary = "JUnit XML, as CI systems read it; junit:jenkins-xunit for Jenkins' xunit plug-in",
    .variants = kVariants,
    .write = write_junit,
    .root_variables = kRepositoryVariables,
    .has_attachments = true};

}  // namespace dialtone
