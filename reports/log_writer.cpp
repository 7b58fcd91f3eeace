#include "reports/log_writer.hpp"

#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

LogJson line_of(std::string_view type) { return {{"type", type}}; }

/// The line's own keys first: that is what a person looks for.
LogJson with(LogJson line, const LogJson& rest) {
  line.update(rest);
  return line;
}

int number_of(std::size_t place) { return static_cast<int>(place) + 1; }

}  // namespace

void LogWriter::write(const LogJson& json) { sink_(dump(json) + '\n'); }

void LogWriter::define(const PlannedScenario& planned) {
  const auto& suite = *planned.suite;
  const auto [in_suite, new_suite] = suites_.emplace(&suite, static_cast<int>(suites_.size()) + 1);
  if (new_suite) {
    auto line = line_of("suite");
    line["suite"] = in_suite->second;
    write(with(std::move(line), suite_json(suite)));
  }
  const auto [defined, is_new] =
      definitions_.emplace(planned.scenario, static_cast<int>(definitions_.size()) + 1);
  if (!is_new) return;
  auto line = line_of("definition");
  line["definition"] = defined->second;
  write(with(std::move(line), definition_json(*planned.scenario, suite, in_suite->second)));
}

void LogWriter::begin_run(const RunResult& run, const std::vector<PlannedScenario>& plan) {
  plan_ = plan;
  LogJson line{{"format", kLogFormat}, {"version", kLogVersion}, {"type", "run_started"}};
  line = with(std::move(line), head_json(run));
  line["planned"] = plan.size();
  write(line);
  for (const auto& planned : plan_) define(planned);
}

int LogWriter::begin(std::size_t place, const std::string& variant) {
  const auto& planned = plan_.at(place);
  place_of_run_[++last_run_] = place;
  auto line = line_of("scenario_started");
  line["scenario"] = number_of(place);
  line["run"] = last_run_;
  line["definition"] = definitions_.at(planned.scenario);
  line["suite"] = text_json(planned.suite->name);
  line["id"] = text_json(planned.scenario->id);
  line["repetition"] = planned.repetition;
  if (!variant.empty()) line["variant"] = text_json(variant);
  write(line);
  return last_run_;
}

void LogWriter::add(int run, const Event& event) {
  const auto found = place_of_run_.find(run);
  if (found == place_of_run_.end()) return;
  auto line = line_of("event");
  line["scenario"] = number_of(found->second);
  line["run"] = run;
  write(with(std::move(line), event_json(event)));
}

void LogWriter::failed(std::size_t place, const ScenarioResult& attempt) {
  write_result("attempt_failed", place, attempt);
}

void LogWriter::finish(std::size_t place, const ScenarioResult& result) {
  write_result("scenario_finished", place, result);
}

void LogWriter::write_result(std::string_view type, std::size_t place,
                             const ScenarioResult& result) {
  auto line = line_of(type);
  line["scenario"] = number_of(place);
  line["run"] = result.run;
  line["definition"] = definitions_.at(result.scenario);
  line["suite"] = text_json(result.suite->name);
  line["id"] = text_json(result.scenario->id);
  write(with(std::move(line), result_json(result)));
}

void LogWriter::end_run(const RunResult& run) {
  auto line = line_of("run_finished");
  line["took_ns"] = std::chrono::nanoseconds(run.took).count();
  line["interrupted"] = run.interrupted;
  if (!run.target_problem.empty()) line["target_problem"] = text_json(run.target_problem);
  line["totals"] = totals_json(count(run.results));
  write(line);
}

}  // namespace dialtone
