#include "harness/net/pollable.hpp"

#include <unistd.h>

namespace dialtone {

Pollable::Pollable(Loop& loop, UniqueFd fd) : loop_(&loop), fd_(fd.release()) {}

Pollable::~Pollable() { close(); }

void Pollable::close() {
  if (fd_ < 0) return;
  if (slot_) loop_->deadlines().disarm(*slot_);
  if (descriptor_) {
    asio::error_code ignored;  // Linux has closed it whatever close(2) says
    descriptor_->close(ignored);
  } else {
    ::close(fd_);
  }
  fd_ = -1;
}

Task<bool> Pollable::wait(For what, TimePoint deadline) {
  if (!descriptor_) {
    descriptor_.emplace(loop_->executor(), fd_);
    slot_ = std::make_shared<DeadlineQueue::Slot>([this] { descriptor_->cancel(); });
  }
  loop_->deadlines().arm(slot_, deadline);
  const auto slot = slot_;  // survives a close, and with it this object's end, while we wait
  auto& deadlines = loop_->deadlines();
  const auto direction = what == For::kReading ? Descriptor::wait_read : Descriptor::wait_write;
  const auto [error] = co_await descriptor_->async_wait(direction, kAwait);
  deadlines.disarm(*slot);
  co_return !error;
}

}  // namespace dialtone
