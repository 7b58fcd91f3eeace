#pragma once

#include <algorithm>
#include <asio/io_context.hpp>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/net/deadline_queue.hpp"
#include "harness/net/poller.hpp"
#include "harness/net/stall_monitor.hpp"
#include "harness/net/task.hpp"

namespace dialtone {

/// What all that waits on one io_context shares. One thread runs it, so nothing here is locked.
class Loop {
 public:
  explicit Loop(asio::io_context& context)
      : executor_(context.get_executor()),
        deadlines_(executor_),
        poller_(executor_),
        stalls_(executor_) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Before the io_context ends: what its coroutines still hold may then outlive the timers, but
  /// not this object.
  void shutdown() {
    poller_.shutdown();
    deadlines_.shutdown();
    stalls_.shutdown();
  }

  const Executor& executor() const { return executor_; }
  DeadlineQueue& deadlines() { return deadlines_; }
  Poller& poller() { return poller_; }
  StallMonitor& stalls() { return stalls_; }

  /// Where recv puts octets before they are copied to their connection.
  std::vector<char>& scratch() { return scratch_; }

  /// For polls of what the kernel shows and no event tells of, and for the verb `pause`. Not for
  /// synchronising.
  Task<> sleep_until(TimePoint when);

 private:
  static constexpr std::size_t kScratchSize = 64 * 1024;

  Executor executor_;
  DeadlineQueue deadlines_;
  Poller poller_;
  StallMonitor stalls_;
  std::vector<char> scratch_ = std::vector<char>(kScratchSize);
};

/// A wait's deadline with the budget that it came from. Absolute: a retry must not extend it.
class Deadline {
 public:
  Deadline(Loop& loop, Duration budget)
      : started_(Clock::now()),
        at_(started_ + budget),
        budget_(budget),
        stalled_before_(loop.stalls().total()) {}

  TimePoint at() const { return at_; }
  Duration budget() const { return budget_; }
  bool has_passed() const { return Clock::now() >= at_; }
  /// Since it was set.
  Duration elapsed() const { return Clock::now() - started_; }

  /// How long the harness itself did not run since the deadline was set.
  Duration stalled(Loop& loop) const { return loop.stalls().total() - stalled_before_; }

  /// Whether that is so much of the budget that nothing can be said of the peer: a fifth.
  bool spoilt(Loop& loop) const { return stalled(loop) > budget_ / 5; }

  /// Whether it has passed, and the harness did not run for a part of it: what is found now may
  /// have come since.
  bool overslept(Loop& loop) const { return has_passed() && stalled(loop) > Duration::zero(); }

  /// For a wait that is meant to end in silence: how much of the window the harness has not watched
  /// yet. All stalls are added up, however many windows it takes.
  Duration unwatched(Loop& loop) const {
    return budget_ - (Clock::now() - started_ - stalled(loop));
  }

  /// Whether so little is missing that the silence was watched: a fifth at the most.
  bool was_watched(Loop& loop) const { return unwatched(loop) <= budget_ / 5; }

  /// The same window, open for as long as it takes to watch what is missing, and for half of it at
  /// least: the next stall may be longer than what is missing, and would cover all of it again.
  Deadline sat_out(Loop& loop) const {
    auto longer = *this;
    longer.at_ = Clock::now() + std::max(unwatched(loop), budget_ / 2);
    return longer;
  }

 private:
  TimePoint started_;
  TimePoint at_;
  Duration budget_;
  Duration stalled_before_;
};

}  // namespace dialtone
