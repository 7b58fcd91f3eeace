#include "harness/net/stall_monitor.hpp"

#include <chrono>

namespace dialtone {
namespace {

constexpr Duration kPeriod = std::chrono::milliseconds(20);
constexpr Duration kTolerance = std::chrono::milliseconds(50);

}  // namespace

void StallMonitor::start() {
  running_ = true;
  last_tick_ = Clock::now();
  tick();
}

void StallMonitor::shutdown() {
  running_ = false;
  timer_.reset();
}

Duration StallMonitor::late_by(TimePoint now) const {
  // The whole gap counts, the period in it too: nobody knows when in it the loop came to stand.
  const auto gap = now - last_tick_;
  return gap > kPeriod + kTolerance ? gap : Duration::zero();
}

Duration StallMonitor::total() const {
  return running_ ? recorded_ + late_by(Clock::now()) : recorded_;
}

void StallMonitor::tick() {
  timer_->expires_after(kPeriod);
  timer_->async_wait([this](const asio::error_code& error) {
    if (error || !running_) return;
    const auto now = Clock::now();
    recorded_ += late_by(now);
    last_tick_ = now;
    tick();
  });
}

}  // namespace dialtone
