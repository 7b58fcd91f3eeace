#pragma once

#include <string>
#include <utility>

#include "harness/model/clock.hpp"
#include "harness/model/event.hpp"
#include "harness/model/event_sink.hpp"

namespace dialtone {

/// Writes a scenario's transcript, and tells a log of each event at once.
class Recorder {
 public:
  Recorder() : origin_(Clock::now()) {}

  void log_to(LoggedRun log) { log_ = log; }
  void set_step(int step) { step_ = step; }
  int step() const { return step_; }
  void add(const std::string& connection, EventKind kind) {
    transcript_.push_back({Clock::now() - origin_, step_, connection, std::move(kind)});
    if (log_.sink != nullptr) log_.sink->add(log_.number, transcript_.back());
  }
  void note(std::string text) { add({}, Noted{std::move(text)}); }

  TimePoint origin() const { return origin_; }
  Transcript take() { return std::move(transcript_); }
  const Transcript& transcript() const { return transcript_; }

 private:
  TimePoint origin_;
  int step_ = 0;
  LoggedRun log_;
  Transcript transcript_;
};

}  // namespace dialtone
