#pragma once

#include <cstddef>
#include <string>

#include "harness/model/event.hpp"

namespace dialtone {

struct ScenarioResult;

/// Is told of events as they happen, of scenarios side by side. All other reports are made of a
/// finished run.
class EventSink {
 public:
  virtual ~EventSink() = default;

  /// A run of the planned scenario at `place` of the plan begins: the first, one more because the
  /// harness stood still or the one before failed (--retries), or one under `variant` (empty:
  /// none). Gives the run's number, from 1.
  virtual int begin(std::size_t place, const std::string& variant) = 0;
  virtual void add(int run, const Event& event) = 0;
  /// Nothing more happens in that run.
  virtual void end(int run) = 0;
  /// A run of it failed, and it will be run again.
  virtual void failed(std::size_t place, const ScenarioResult& attempt) = 0;
};

/// Where one run's events go besides its transcript; no sink: nowhere.
struct LoggedRun {
  EventSink* sink = nullptr;
  int number = 0;
};

}  // namespace dialtone
