#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/model/event_sink.hpp"

namespace dialtone {

/// Tells several sinks the same, each with the number that it gave to the run itself.
class EventTee : public EventSink {
 public:
  /// The sinks must outlive it.
  explicit EventTee(std::vector<EventSink*> sinks) : sinks_(std::move(sinks)) {}

  int begin(std::size_t place, const std::string& variant) override;
  void add(int run, const Event& event) override;
  void end(int run) override;
  void failed(std::size_t place, const ScenarioResult& attempt) override;

 private:
  std::vector<EventSink*> sinks_;
  std::map<int, std::vector<int>> numbers_;  // of a run that goes on, in the order of the sinks
  int last_ = 0;
};

}  // namespace dialtone
