#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/event_sink.hpp"
#include "harness/model/plan.hpp"
#include "harness/model/result.hpp"
#include "reports/log_json.hpp"

namespace dialtone {

/// What the first line of a log says of itself, and the one version that is read.
inline constexpr std::string_view kLogFormat = "dialtone-log";
inline constexpr int kLogVersion = 1;

/// Writes the event log, a line at a time, as things happen: a run's begin, its plan, the runs of
/// its scenarios side by side, its end. Every line is complete in itself.
class LogWriter : public EventSink {
 public:
  /// Takes one line with its LF; what it cannot write is for it to remember.
  using LineSink = std::function<void(std::string_view line)>;

  explicit LogWriter(LineSink sink) : sink_(std::move(sink)) {}

  /// `run`: what is known of it before it begins.
  void begin_run(const RunResult& run, const std::vector<PlannedScenario>& plan);
  int begin(std::size_t place, const std::string& variant) override;
  void add(int run, const Event& event) override;
  void end(int run) override { place_of_run_.erase(run); }
  void failed(std::size_t place, const ScenarioResult& attempt) override;
  /// The planned scenario at `place` has its verdict.
  void finish(std::size_t place, const ScenarioResult& result);
  void end_run(const RunResult& run);

 private:
  void write(const LogJson& json);
  void write_result(std::string_view type, std::size_t place, const ScenarioResult& result);
  void define(const PlannedScenario& planned);

  LineSink sink_;
  std::vector<PlannedScenario> plan_;
  std::map<const Suite*, int> suites_;          // their numbers, from 1
  std::map<const Scenario*, int> definitions_;  // likewise
  std::map<int, std::size_t> place_of_run_;     // of those that go on
  int last_run_ = 0;
};

}  // namespace dialtone
