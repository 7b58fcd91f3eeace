#include "reports/json.hpp"

#include <map>
#include <ostream>
#include <utility>

#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/log_json.hpp"

namespace dialtone {
namespace {

constexpr int kVersion = 1;

/// Numbers, from 1, in the order of the results; writes each thing when it is first met.
class Definitions {
 public:
  void add(const ScenarioResult& result) {
    const auto [suite, new_suite] =
        suite_numbers_.emplace(result.suite.get(), static_cast<int>(suite_numbers_.size()) + 1);
    if (new_suite) suites_.push_back(suite_json(*result.suite));
    const auto [scenario, is_new] =
        numbers_.emplace(result.scenario, static_cast<int>(numbers_.size()) + 1);
    if (is_new)
      scenarios_.push_back(definition_json(*result.scenario, *result.suite, suite->second));
  }
  int number_of(const Scenario* scenario) const { return numbers_.at(scenario); }
  const LogJson& suites() const { return suites_; }
  const LogJson& scenarios() const { return scenarios_; }

 private:
  std::map<const Suite*, int> suite_numbers_;
  std::map<const Scenario*, int> numbers_;
  LogJson suites_ = LogJson::array();
  LogJson scenarios_ = LogJson::array();
};

LogJson with_transcript(const ScenarioResult& result) {
  auto json = result_json(result);
  json["transcript"] = LogJson::array();
  for (const auto& event : result.transcript) json["transcript"].push_back(event_json(event));
  return json;
}

LogJson whole_result(const ScenarioResult& result, int definition) {
  LogJson json{{"definition", definition},
               {"suite", text_json(result.suite->name)},
               {"id", text_json(result.scenario->id)}};
  json.update(with_transcript(result));
  for (const auto& attempt : result.attempts) json["attempts"].push_back(with_transcript(attempt));
  return json;
}

/// An array with a line for each of its values.
void write_list(std::ostream& out, std::string_view key, const LogJson& list) {
  out << ",\n\"" << key << "\":[";
  const char* before = "\n";
  for (const auto& each : list) out << std::exchange(before, ",\n") << dump(each);
  out << "\n]";
}

/// One result at a time: their transcripts may be large.
void write_json(const RunResult& run, const ReportOptions& /*options*/, std::ostream& out) {
  Definitions definitions;
  for (const auto& result : run.results) definitions.add(result);
  LogJson head{{"format", kJsonFormat}, {"version", kVersion}};
  head.update(head_json(run));
  head["took_ns"] = std::chrono::nanoseconds(run.took).count();
  head["interrupted"] = run.interrupted;
  if (!run.target_problem.empty()) head["target_problem"] = text_json(run.target_problem);
  head["totals"] = totals_json(count(run.results));
  auto text = dump(head);
  text.pop_back();  // the brace that closes the document
  out << text;
  write_list(out, "suites", definitions.suites());
  write_list(out, "definitions", definitions.scenarios());
  out << ",\n\"results\":[";
  const char* before = "\n";
  for (const auto& result : run.results) {
    out << std::exchange(before, ",\n")
        << dump(whole_result(result, definitions.number_of(result.scenario)));
  }
  out << "\n]}\n";
}

}  // namespace

const ReportFormat kJsonReport{.name = "json",
                               .summary = "the whole run as one JSON document",
                               .variants = {},
                               .write = write_json,
                               .wants_all = true};

}  // namespace dialtone
