#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/model/clock.hpp"
#include "harness/model/event.hpp"
#include "harness/model/event_sink.hpp"

namespace dialtone {

/// Writes a scenario's transcript, and tells a log of each event at once. Of what peers send it
/// keeps the beginning, however much that is: the octets of the rest are counted.
class Recorder {
 public:
  static constexpr std::size_t kMostArrived = std::size_t{32} * 1024 * 1024;

  /// `most_arrived`: octets that events of arrivals may take, themselves included.
  explicit Recorder(std::size_t most_arrived = kMostArrived)
      : origin_(Clock::now()), room_(most_arrived) {}

  void log_to(LoggedRun log) { log_ = log; }
  void set_step(int step) { step_ = step; }
  int step() const { return step_; }
  void add(const std::string& connection, EventKind kind);
  void note(std::string text) { add({}, Noted{std::move(text)}); }

  /// Whether the next event of an arrival will stand in the transcript.
  bool keeps_arrivals() const { return room_ > 0; }

  TimePoint origin() const { return origin_; }
  /// Ends the transcript: where octets were not kept, its last event says how many.
  Transcript take();
  const Transcript& transcript() const { return transcript_; }

 private:
  bool is_kept(const Received& received);

  TimePoint origin_;
  int step_ = 0;
  LoggedRun log_;
  Transcript transcript_;
  std::size_t room_;
  std::uint64_t arrivals_dropped_ = 0;
  std::uint64_t octets_dropped_ = 0;  ///< of them
};

}  // namespace dialtone
