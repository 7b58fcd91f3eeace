#pragma once

#include <asio/basic_waitable_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/net/task.hpp"

namespace dialtone {

/// One timer for all waits of a loop. A wait only stores its deadline in its slot; the heap holds
/// at most one current entry for a slot and is looked at lazily: an entry whose slot has a later
/// deadline by then is put back. So a step that ends in time costs no timer operation at all.
class DeadlineQueue {
 public:
  class Slot {
   public:
    /// `on_expiry` is called from the loop when an armed deadline has passed.
    explicit Slot(std::function<void()> on_expiry) : on_expiry_(std::move(on_expiry)) {}

   private:
    friend class DeadlineQueue;
    std::function<void()> on_expiry_;
    TimePoint deadline_{};
    TimePoint queued_ = TimePoint::max();  // the earliest heap entry that stands for this slot
    bool armed_ = false;
  };

  explicit DeadlineQueue(const Executor& executor) { timer_.emplace(executor); }

  /// Calls the slot's function at `deadline`, unless it is disarmed or armed anew before.
  void arm(const std::shared_ptr<Slot>& slot, TimePoint deadline);
  void disarm(Slot& slot) { slot.armed_ = false; }

  /// Lets go of the timer before its io_context ends. Slots may still be disarmed, and arming does
  /// nothing.
  void shutdown();

 private:
  struct Entry {
    TimePoint at;
    std::weak_ptr<Slot> slot;
    bool operator>(const Entry& other) const { return at > other.at; }
  };

  void schedule();
  void expire();
  void expire_one(Entry entry, TimePoint now);

  using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
  std::optional<Timer> timer_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
  TimePoint timer_at_ = TimePoint::max();
};

}  // namespace dialtone
