#pragma once

#include <asio/posix/basic_stream_descriptor.hpp>
#include <memory>
#include <optional>

#include "harness/net/deadline_queue.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {

/// A non-blocking descriptor that a coroutine can wait for, with a deadline. It joins the loop's
/// poll set only at its first wait: a conversation that never waits costs no call for it.
class Pollable {
 public:
  enum class For { kReading, kWriting };

  Pollable(Loop& loop, UniqueFd fd);
  ~Pollable();
  Pollable(const Pollable&) = delete;
  Pollable& operator=(const Pollable&) = delete;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  Loop& loop() { return *loop_; }

  /// False where the deadline passed or the descriptor was closed first. A ready descriptor may
  /// still have nothing: the caller tries its call and comes back.
  Task<bool> wait(For what, TimePoint deadline);

  /// Whoever waits is told that nothing came.
  void close();

 private:
  using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

  Loop* loop_;
  int fd_;
  std::optional<Descriptor> descriptor_;
  std::shared_ptr<DeadlineQueue::Slot> slot_;
};

}  // namespace dialtone
