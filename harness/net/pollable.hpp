#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "harness/net/deadline_queue.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {

/// A non-blocking descriptor that one coroutine at a time can wait for, with a deadline. It joins
/// the loop's poll set only at its first wait: a conversation that never waits costs no call for
/// it.
class Pollable {
 public:
  enum class For { kReading, kWriting, kEither };

  Pollable(Loop& loop, UniqueFd fd);
  ~Pollable();
  Pollable(const Pollable&) = delete;
  Pollable& operator=(const Pollable&) = delete;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  Loop& loop() { return *loop_; }

  /// False where the deadline passed or the descriptor was closed first. A ready descriptor may
  /// still have nothing: the caller tries its call and comes back. Before every wait but the first
  /// its call must have given EAGAIN (see Poller).
  Task<bool> wait(For what, TimePoint deadline);

  /// Calls `act` whenever the kernel tells of an error of the socket (EPOLLERR), and at once where
  /// it has already. Nothing more is told of a descriptor that was never waited for. `act` must not
  /// destroy this object.
  void on_error(std::function<void()> act);

  /// Whoever waits is told that nothing came.
  void close();

  /// The same, and it stays open.
  void interrupt();

  /// Called by the Poller.
  void wake(std::uint32_t events);
  /// Destroys the coroutine that waits, for a loop that ends.
  void forget_waiter();

 private:
  /// A suspended wait. Asio's handlers are move-only, so std::function cannot hold them.
  class Waiter;
  template <class Handler>
  class WaiterOf;

  void complete(bool ready);
  void tell_nothing_came();

  Loop* loop_;
  int fd_;
  std::uint32_t watched_ = 0;
  For waits_for_ = For::kReading;
  std::unique_ptr<Waiter> waiter_;
  std::shared_ptr<DeadlineQueue::Slot> slot_;
  bool has_erred_ = false;
  std::function<void()> on_error_;
};

}  // namespace dialtone
