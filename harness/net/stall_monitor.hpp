#pragma once

#include <asio/basic_waitable_timer.hpp>
#include <optional>

#include "harness/model/clock.hpp"
#include "harness/net/task.hpp"

namespace dialtone {

/// Measures how long the harness itself did not run: a timer ticks, and a tick that comes late
/// tells of a stalled loop (a blocked thread, a stopped process, a machine with no processor to
/// spare). A peer must not be blamed for what was missed meanwhile (law 4).
class StallMonitor {
 public:
  explicit StallMonitor(const Executor& executor) { timer_.emplace(executor); }

  void start();

  /// Lets go of the timer before its io_context ends.
  void shutdown();

  /// All stalls since the start; take it before and after a wait and compare. A delay below 50 ms
  /// is the everyday life of a busy machine and does not count.
  Duration total() const;

 private:
  void tick();
  Duration late_by(TimePoint now) const;

  std::optional<asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>> timer_;
  TimePoint last_tick_{};
  Duration recorded_{};
  bool running_ = false;
};

}  // namespace dialtone
