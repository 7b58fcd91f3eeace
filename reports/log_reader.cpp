#include "reports/log_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/under_way.hpp"
#include "reports/log_values.hpp"
#include "reports/log_writer.hpp"

namespace dialtone {
namespace {

class LogReader {
 public:
  explicit LogReader(const std::string& file) : file_(file) {}

  ReadLog read(std::istream& in);

 private:
  /// Places in `suites_` and in the suite's scenarios.
  struct Definition {
    std::size_t suite;
    std::size_t scenario;
  };
  struct Finished {
    Definition definition;
    ScenarioResult result;
  };
  struct Running {
    Definition definition;
    int repetition;
    std::map<int, Transcript> runs{};  // by their numbers
  };

  void read_line(std::string_view text, bool has_end);
  void dispatch(const Fields& fields);
  void begin_run(const Fields& fields);
  void define_suite(const Fields& fields);
  void define(const Fields& fields);
  void begin(const Fields& fields);
  void add(const Fields& fields);
  void fail(const Fields& fields);
  void finish(const Fields& fields);
  Finished read_finished(const Fields& fields);
  void finish_retried();
  void show_under_way();
  void end_run(const Fields& fields);
  void end();
  LogPlace place() const { return {file_, line_}; }
  const Suite& suite_of(const Definition& definition) const { return *suites_[definition.suite]; }
  int scenario_number(const Fields& fields) const;
  const Definition& definition_of(const Fields& fields) const;
  Duration time_till_last_verdict() const;

  const std::string& file_;
  int line_ = 0;
  bool begun_ = false;
  ReadLog log_;
  std::vector<std::shared_ptr<Suite>> suites_;
  std::vector<Definition> definitions_;
  std::map<int, Running> running_;                 // by the scenario's number
  std::map<int, std::vector<Finished>> attempts_;  // likewise, of those not finished
  std::map<int, Finished> finished_;               // likewise
};

/// The next number of a list that counts from 1.
void need_next(const Fields& fields, std::string_view key, std::size_t known) {
  const auto next = static_cast<int>(known) + 1;
  if (fields.number(key) != next) fields.refuse(key, fmt::format("the next {} is {}", key, next));
}

ReadLog LogReader::read(std::istream& in) {
  std::string text;
  while (std::getline(in, text)) {
    ++line_;
    read_line(text, !in.eof());
  }
  if (in.bad()) throw BadLog({{file_, 0, 0}, "the log cannot be read to its end", {}});
  if (!begun_)
    throw BadLog({{file_, std::max(line_, 1), 1},
                  "this is no event log: it ends before its first line does",
                  "'dialtone run --report ndjson=FILE' writes one"});
  end();
  return std::move(log_);
}

void LogReader::read_line(std::string_view text, bool has_end) {
  Diagnostics diagnostics;
  const auto node = parse_json(file_, text, diagnostics);
  if (!diagnostics.empty() || !node) {
    if (!has_end) return;  // the run was killed while it wrote this
    auto first = diagnostics.empty() ? Diagnostic{{file_, 1, 1}, "this is no JSON", {}}
                                     : std::move(diagnostics.front());
    first.where.line = line_;
    throw BadLog(std::move(first));
  }
  dispatch(Fields(*node, place()));
}

void LogReader::dispatch(const Fields& fields) {
  if (!begun_) return begin_run(fields);
  const auto type = fields.text("type");
  if (log_.has_end)
    fields.refuse("type", "nothing may follow the end of a run", "a log holds one run");
  if (type == "suite") return define_suite(fields);
  if (type == "definition") return define(fields);
  if (type == "scenario_started") return begin(fields);
  if (type == "event") return add(fields);
  if (type == "attempt_failed") return fail(fields);
  if (type == "scenario_finished") return finish(fields);
  if (type == "run_finished") return end_run(fields);
  if (type == "run_started")
    fields.refuse("type", "a run begins inside another", "a log holds one run");
  // Else a later version's: one that an older reader may pass over.
}

void LogReader::begin_run(const Fields& fields) {
  if (!fields.has("format") || fields.text("format") != kLogFormat)
    throw BadLog({{file_, line_, 1},
                  fmt::format("this is no event log: its first line does not say \"format\":\"{}\"",
                              kLogFormat),
                  "'dialtone run --report ndjson=FILE' writes one"});
  const auto version = fields.number("version");
  if (version != kLogVersion)
    fields.refuse("version",
                  fmt::format("this log has version {}, and only version {} is known here", version,
                              kLogVersion),
                  "read it with the dialtone that wrote it, or a later one");
  log_.run = read_head(fields);
  log_.version = fields.text_or_empty("dialtone");
  log_.planned = static_cast<std::size_t>(fields.number("planned"));
  if (log_.run.shard && log_.run.shard->places.size() != log_.planned)
    fields.refuse("planned", fmt::format("{} planned, but the shard has {}", log_.planned,
                                         log_.run.shard->places.size()));
  begun_ = true;
}

void LogReader::define_suite(const Fields& fields) {
  need_next(fields, "suite", suites_.size());
  suites_.push_back(std::make_shared<Suite>(read_suite(fields)));
}

void LogReader::define(const Fields& fields) {
  need_next(fields, "definition", definitions_.size());
  const auto number = static_cast<std::size_t>(fields.number("suite", 1));
  if (number > suites_.size())
    fields.refuse("suite", fmt::format("suite {} was not defined before", number));
  auto& suite = *suites_[number - 1];
  definitions_.push_back({number - 1, suite.scenarios.size()});
  suite.scenarios.push_back(read_definition(fields, suite.file));
}

int LogReader::scenario_number(const Fields& fields) const {
  return static_cast<int>(fields.integer("scenario", 1, static_cast<std::int64_t>(log_.planned)));
}

const LogReader::Definition& LogReader::definition_of(const Fields& fields) const {
  const auto number = static_cast<std::size_t>(fields.number("definition", 1));
  if (number > definitions_.size())
    fields.refuse("definition", fmt::format("definition {} was not made before", number));
  return definitions_[number - 1];
}

void LogReader::begin(const Fields& fields) {
  const auto scenario = scenario_number(fields);
  const auto& definition = definition_of(fields);
  if (finished_.contains(scenario)) fields.refuse("scenario", "this scenario was finished before");
  const auto run = fields.number("run", 1);
  const auto repetition = fields.has("repetition") ? fields.number("repetition", 1) : 1;
  auto& running = running_.try_emplace(scenario, Running{definition, repetition}).first->second;
  if (!running.runs.emplace(run, Transcript()).second)
    fields.refuse("run", fmt::format("run {} was started before", run));
}

void LogReader::add(const Fields& fields) {
  const auto scenario = running_.find(scenario_number(fields));
  if (scenario == running_.end())
    fields.refuse("scenario", "an event of a scenario that is not running");
  auto& runs = scenario->second.runs;
  const auto run = runs.find(fields.number("run", 1));
  if (run == runs.end()) fields.refuse("run", "an event of a run that was not started");
  run->second.push_back(read_event(fields));
}

LogReader::Finished LogReader::read_finished(const Fields& fields) {
  const auto scenario = running_.find(scenario_number(fields));
  if (scenario == running_.end()) fields.refuse("scenario", "this scenario is not running");
  auto& runs = scenario->second.runs;
  const auto run = runs.find(fields.number("run", 1));
  if (run == runs.end()) fields.refuse("run", "this run was not started");
  const auto& definition = definition_of(fields);
  auto result = read_result(fields, suite_of(definition).file);
  result.run = run->first;
  result.transcript = std::move(run->second);
  return {definition, std::move(result)};
}

void LogReader::fail(const Fields& fields) {
  attempts_[scenario_number(fields)].push_back(read_finished(fields));
}

void LogReader::finish(const Fields& fields) {
  const auto number = scenario_number(fields);
  auto finished = read_finished(fields);
  if (auto tried = attempts_.extract(number)) {
    for (auto& attempt : tried.mapped()) {
      // The last attempt is the result where the run ended before the next did.
      if (attempt.result.run == finished.result.run) {
        finished.result.transcript = std::move(attempt.result.transcript);
      } else {
        finished.result.attempts.push_back(std::move(attempt.result));
      }
    }
  }
  running_.erase(number);
  finished_.emplace(number, std::move(finished));
}

/// Of a run that was killed: what it would run again has the last verdict that it got.
void LogReader::finish_retried() {
  for (auto& [number, attempts] : attempts_) {
    auto last = std::move(attempts.back());
    attempts.pop_back();
    for (auto& attempt : attempts) last.result.attempts.push_back(std::move(attempt.result));
    finished_.emplace(number, std::move(last));
  }
}

/// Of a run that was killed: what came of the last run of each scenario that had begun.
void LogReader::show_under_way() {
  for (auto& [number, running] : running_) {
    if (finished_.contains(number)) continue;
    auto& [run, transcript] = *running.runs.rbegin();
    ScenarioResult result;
    result.repetition = running.repetition;
    result.verdict = Verdict::kError;
    result.problem.type = kUnderWay;
    result.problem.message = "it was under way when the run was killed";
    result.where = suite_of(running.definition).scenarios[running.definition.scenario].where;
    result.run = run;
    result.started = log_.run.started;
    if (!transcript.empty()) result.took = transcript.back().at;
    result.transcript = std::move(transcript);
    finished_.emplace(number, Finished{running.definition, std::move(result)});
    ++log_.under_way;
  }
}

void LogReader::end_run(const Fields& fields) {
  log_.run.took = fields.duration("took_ns");
  log_.run.interrupted = fields.boolean("interrupted");
  log_.run.target_problem = fields.text_or_empty("target_problem");
  log_.has_end = true;
}

/// Of a run that could not say how long it took.
Duration LogReader::time_till_last_verdict() const {
  Duration last{};
  for (const auto& [number, finished] : finished_) {
    const auto ended = finished.result.started + finished.result.took;
    last = std::max<Duration>(last, ended - log_.run.started);
  }
  return last;
}

/// Only now do the suites hold all their scenarios, so that these stay where they are.
void LogReader::end() {
  finish_retried();
  if (!log_.has_end) {
    log_.run.interrupted = true;
    log_.run.took = time_till_last_verdict();
    show_under_way();
  }
  for (auto& [number, finished] : finished_) {
    const auto& suite = suites_[finished.definition.suite];
    finished.result.suite = suite;
    finished.result.scenario = &suite->scenarios[finished.definition.scenario];
    for (auto& attempt : finished.result.attempts) {
      attempt.suite = finished.result.suite;
      attempt.scenario = finished.result.scenario;
    }
    finished.result.place = static_cast<std::size_t>(number - 1);
    log_.run.results.push_back(std::move(finished.result));
  }
}

}  // namespace

std::variant<ReadLog, Diagnostic> read_log(const std::string& file, std::istream& in) {
  try {
    return LogReader(file).read(in);
  } catch (const BadLog& bad) {
    return bad.diagnostic();
  }
}

}  // namespace dialtone
