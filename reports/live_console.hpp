#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/model/event_sink.hpp"
#include "harness/model/plan.hpp"
#include "reports/console.hpp"

namespace dialtone {

/// Tells a console what happens before there are results: which scenarios are under way, and,
/// where `shows_events`, each event as it happens, with the scenario's id before it.
class LiveConsole : public EventSink {
 public:
  /// `console` must outlive it.
  LiveConsole(Console& console, const std::vector<PlannedScenario>& plan, bool shows_events);

  int begin(std::size_t place, const std::string& variant) override;
  void add(int run, const Event& event) override;
  void end(int run) override { runs_.erase(run); }
  void failed(std::size_t, const ScenarioResult&) override {}  // told with the result

 private:
  struct Run {
    std::string name;  ///< "ROB-30", "ROB-30 (byte by byte)"
    Encoding encoding;
  };

  Console& console_;
  const std::vector<PlannedScenario>& plan_;
  bool shows_events_;
  std::map<int, Run> runs_;  // that go on, where events are shown
  int last_ = 0;
};

}  // namespace dialtone
