#include "reports/ctrf.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/cap.hpp"
#include "reports/ci_commands.hpp"
#include "reports/conversation.hpp"
#include "reports/evidence.hpp"
#include "reports/junit_groups.hpp"
#include "reports/report_path.hpp"

namespace dialtone {
namespace {

// In the order in which the members are written.
using Json = nlohmann::ordered_json;

constexpr std::size_t kTraceLimit = 65'536;        // octets
constexpr std::size_t kProgramLimit = 30'000;      // octets of one stream of a program
constexpr std::size_t kEvidenceLimit = 6'000'000;  // octets over the whole report

std::string_view status_of(Verdict verdict, bool strict) {
  switch (verdict) {
    case Verdict::kPass: return "passed";
    case Verdict::kFail:
    case Verdict::kError: return "failed";
    case Verdict::kSkip: return "skipped";
    case Verdict::kKnown: return "other";
    case Verdict::kWarn: return strict ? "failed" : "other";
  }
  return "other";
}

/// Milliseconds since 1970.
std::int64_t epoch(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string dump(const Json& json) { return without_ci_commands(json.dump(), kCiEscapesOfJson); }

/// The schema wants a name of one character at the least.
std::string name_or(std::string name, std::string_view otherwise) {
  return name.empty() ? std::string(otherwise) : name;
}

Json lines_of(const std::string& text) {
  auto lines = Json::array();
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// What the programs wrote to one of their streams, each after a line that names it.
std::string program_text(const ScenarioResult& result, std::string_view stream,
                         Bytes ProgramOutput::*octets) {
  std::string text;
  for (const auto& output : result.outputs) {
    if ((output.*octets).empty()) continue;
    text += printable("--- " + output.program + ": " + std::string(stream)) + "\n";
    text += printable_lines(output.*octets, kProgramLimit);
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

/// The scenarios of which some repetitions failed and others passed.
std::set<const Scenario*> flaky_scenarios(const RunResult& run) {
  std::map<const Scenario*, Totals> totals;
  for (const auto& result : run.results)
    if (result.repetitions > 1) totals[result.scenario].add(result);
  std::set<const Scenario*> flaky;
  for (const auto& [scenario, total] : totals)
    if (total.pass > 0 && total.fail + total.error + total.warn > 0) flaky.insert(scenario);
  return flaky;
}

class CtrfReport {
 public:
  CtrfReport(const RunResult& run, const ReportOptions& options, std::ostream& out)
      : run_(run),
        options_(options),
        root_(options.root),
        out_(out),
        flaky_(flaky_scenarios(run)) {}

  // One test at a time, so that the report of a long run needs little memory.
  void write() {
    junit::Groups groups(run_);
    out_ << R"({"reportFormat": "CTRF", "specVersion": "0.0.0", "generatedBy": "dialtone",)"
         << "\n \"results\": {\"tool\": "
         << Json{{"name", "dialtone"}, {"version", DIALTONE_VERSION}}.dump()
         << ",\n  \"summary\": " << dump(summary(groups.all().size()))
         << ",\n  \"environment\": " << dump(environment()) << ",\n  \"tests\": [";
    std::string_view before = "\n   ";
    for (const auto& group : groups.all()) {
      groups.each_case(group, [&](const junit::Case& each) {
        out_ << before << dump(test(each, *group.suite));
        before = ",\n   ";
      });
    }
    for (const auto& problem : problems_of(run_)) {
      out_ << before << dump(test(problem));
      before = ",\n   ";
    }
    out_ << "]}}\n";
  }

 private:
  Json test(const RunProblem& problem) const {
    const auto end = epoch(run_.started) + junit::milliseconds(run_.took);
    return {{"name", problem.name},
            {"status", "failed"},
            {"duration", 0},
            {"start", end},
            {"stop", end},
            {"suite", Json::array({"dialtone"})},
            {"message", printable(problem.message)}};
  }

  bool is_unsteady(const ScenarioResult& result) const {
    return is_flaky(result) ||
           (result.verdict == Verdict::kPass && flaky_.contains(result.scenario));
  }

  Json summary(std::size_t suites) const {
    std::map<std::string_view, int> statuses;
    int flaky = 0;
    for (const auto& result : run_.results) {
      ++statuses[status_of(result.verdict, run_.strict)];
      if (is_unsteady(result)) ++flaky;
    }
    const auto took = junit::milliseconds(run_.took);
    const auto more = problems_of(run_).size();
    statuses["failed"] += static_cast<int>(more);
    Json made{{"tests", run_.results.size() + more},
              {"passed", statuses["passed"]},
              {"failed", statuses["failed"]},
              {"skipped", statuses["skipped"]},
              {"pending", 0},
              {"other", statuses["other"]},
              {"flaky", flaky},
              {"suites", more == 0 ? suites : suites + 1},
              {"start", epoch(run_.started)},
              {"stop", epoch(run_.started) + took},
              {"duration", took}};
    if (run_.interrupted) made["extra"] = {{"interrupted", true}};
    return made;
  }

  Json environment() const {
    Json extra{{"host", printable(run_.host)}, {"rerun", printable(run_.rerun)}};
    if (run_.shard) extra["shard"] = to_string(run_.shard->shard);
    if (run_.partial) extra["missingShards"] = missing_shards(*run_.partial);
    return {{"testEnvironment", printable(run_.target)}, {"extra", std::move(extra)}};
  }

  Json test(const junit::Case& test, const Suite& suite) {
    const auto& result = *test.result;
    const auto took = junit::milliseconds(result.took);
    Json made{{"testId", printable(suite.name + "/" + result.scenario->id)},
              {"name", name_or(printable(test.name), "(without a name)")},
              {"status", status_of(result.verdict, run_.strict)},
              {"duration", took},
              {"start", epoch(result.started)},
              {"stop", epoch(result.started) + took},
              {"suite", Json::array({printable(suite.name)})},
              {"rawStatus", name_of(result.verdict)},
              {"type", "conformance"},
              {"filePath", printable(report_path(result.where.file, root_))},
              {"line", result.where.line}};
    if (is_unsteady(result)) made["flaky"] = true;
    if (!result.attempts.empty()) made["retries"] = result.attempts.size();
    if (!result.scenario->tags.empty()) made["tags"] = tags(*result.scenario);
    made["extra"] = extra(result);
    if (result.verdict != Verdict::kPass) made["message"] = message(result);
    if (result.verdict != Verdict::kPass && result.verdict != Verdict::kSkip)
      add_evidence(made, result);
    for (const auto& path : attachment_paths(options_, test.index))
      made["attachments"].push_back(attachment(path));
    for (const auto& attempt : result.attempts)
      made["retryAttempts"].push_back(this->attempt(attempt, made["retryAttempts"].size() + 1));
    return made;
  }

  static Json attachment(const std::string& path) {
    return {{"name", printable(std::filesystem::path(path).filename().string())},
            {"contentType", "application/x-pcapng"},
            {"path", printable(path)}};
  }

  Json attempt(const ScenarioResult& result, std::size_t number) {
    const auto took = junit::milliseconds(result.took);
    Json made{{"attempt", number},
              {"status", status_of(result.verdict, run_.strict)},
              {"duration", took},
              {"message", message(result)},
              {"line", result.where.line},
              {"start", epoch(result.started)},
              {"stop", epoch(result.started) + took}};
    add_evidence(made, result);
    return made;
  }

  static Json tags(const Scenario& scenario) {
    auto tags = Json::array();
    for (const auto& tag : scenario.tags) tags.push_back(printable(tag));
    return tags;
  }

  Json extra(const ScenarioResult& result) const {
    const auto& scenario = *result.scenario;
    Json made{{"id", printable(scenario.id)}, {"level", name_of(scenario.level)}};
    if (!scenario.source.empty()) made["source"] = printable(scenario.source);
    if (result.repetitions > 1) made["repetition"] = result.repetition;
    if (result.stalled_runs > 0) made["stalledRuns"] = result.stalled_runs;
    if (result.variants) made["variants"] = result.variants->run;
    if (result.variants && !result.variants->differs.empty())
      made["variant"] = printable(result.variants->differs);
    if (result.verdict == Verdict::kPass || result.verdict == Verdict::kSkip) return made;
    if (!result.problem.type.empty()) made["problem"] = printable(result.problem.type);
    made["rerun"] = printable(rerun_command(run_, result));
    return made;
  }

  std::string message(const ScenarioResult& result) const {
    if (result.verdict == Verdict::kKnown)
      return "known failure: " + printable(result.known_reason) + ": " + headline(result);
    const bool is_lenient = result.verdict == Verdict::kWarn && !run_.strict;
    return (is_lenient ? "warning: " : "") + headline(result);
  }

  void add_evidence(Json& made, const ScenarioResult& result) {
    if (evidence_written_ >= kEvidenceLimit) {
      made["trace"] = "evidence left out: this report holds as much as readers take";
      return;
    }
    const ConversationOptions options{.encoding = result.scenario->encoding};
    auto trace =
        plain_text(render_evidence(result, {.mark = DifferenceStyle::Mark::kBars}, root_)) +
        plain_text(render_conversation(result.transcript, options));
    const auto out = program_text(result, "standard output", &ProgramOutput::standard_output);
    const auto err = program_text(result, "standard error", &ProgramOutput::standard_error);
    trace = cap_middle(trace, kTraceLimit);
    evidence_written_ += trace.size() + out.size() + err.size();
    made["trace"] = std::move(trace);
    if (!out.empty()) made["stdout"] = lines_of(out);
    if (!err.empty()) made["stderr"] = lines_of(err);
  }

  const RunResult& run_;
  const ReportOptions& options_;
  const std::string& root_;
  std::ostream& out_;
  const std::set<const Scenario*> flaky_;
  std::size_t evidence_written_ = 0;
};

void write_ctrf(const RunResult& run, const ReportOptions& options, std::ostream& out) {
  CtrfReport(run, options, out).write();
}

}  // namespace

const ReportFormat kCtrfReport{.name = "ctrf",
                               .summary = "Common Test Report Format, JSON (ctrf.io)",
                               .variants = {},
                               .write = write_ctrf,
                               .root_variables = kRepositoryVariables,
                               .has_attachments = true};

}  // namespace dialtone
