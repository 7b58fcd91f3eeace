#include "harness/net/deadline_queue.hpp"

#include <utility>

namespace dialtone {

void DeadlineQueue::arm(const std::shared_ptr<Slot>& slot, TimePoint deadline) {
  slot->deadline_ = deadline;
  slot->armed_ = true;
  if (slot->queued_ <= deadline) return;
  slot->queued_ = deadline;
  heap_.push({deadline, slot});
  schedule();
}

void DeadlineQueue::shutdown() {
  timer_.reset();
  heap_ = {};
}

void DeadlineQueue::schedule() {
  if (!timer_ || heap_.empty() || heap_.top().at >= timer_at_) return;
  timer_at_ = heap_.top().at;
  timer_->expires_at(timer_at_);
  timer_->async_wait([this](const asio::error_code& error) {
    if (!error) expire();
  });
}

void DeadlineQueue::expire() {
  timer_at_ = TimePoint::max();
  const auto now = Clock::now();
  while (!heap_.empty() && heap_.top().at <= now) {
    auto entry = heap_.top();
    heap_.pop();
    expire_one(std::move(entry), now);
  }
  schedule();
}

void DeadlineQueue::expire_one(Entry entry, TimePoint now) {
  const auto slot = entry.slot.lock();
  if (!slot || slot->queued_ != entry.at) return;  // gone, or an earlier entry took its place
  slot->queued_ = TimePoint::max();
  if (!slot->armed_) return;
  if (slot->deadline_ > now) {
    slot->queued_ = slot->deadline_;
    heap_.push({slot->deadline_, entry.slot});
    return;
  }
  slot->armed_ = false;
  slot->on_expiry_();
}

}  // namespace dialtone
