#pragma once

#include <asio/post.hpp>
#include <chrono>
#include <utility>

#include "harness/net/loop.hpp"

namespace dialtone {

/// Keeps a peer that never pauses from holding the loop, or a wait of ours beyond its deadline.
class FloodGuard {
 public:
  static constexpr int kReadsInARow = 64;
  /// A slow machine, or one that a sanitizer slows down, reads less in that time: the reads of one
  /// connection's waits alone must not look like a stall of the harness (50 ms, see StallMonitor).
  static constexpr Duration kLongestRow = std::chrono::milliseconds(10);
  /// Of a stream, of at most 64 KiB each: 16 MiB, more than a kernel's receive buffer grows to by
  /// itself (6 MiB; man 7 tcp, tcp_rmem).
  static constexpr int kLateReads = 256;

  /// To be asked before each read of a wait with that deadline. False: it has passed so many reads
  /// ago, `most_late`, that what comes now is no longer what the kernel may have had by then.
  bool may_read(const Deadline& deadline, int most_late = kLateReads) {
    // Reads before this deadline, such as an earlier step's, say nothing of a flood behind it.
    if (std::exchange(late_for_, deadline.at()) != deadline.at()) late_reads_ = 0;
    if (late_reads_ >= most_late) return false;
    if (deadline.has_passed()) ++late_reads_;
    return true;
  }

  /// To be told of each read that gave something: whether the loop's timers are due to be served.
  bool must_breathe(TimePoint now = Clock::now()) {
    if (reads_in_a_row_++ == 0) row_began_ = now;
    if (reads_in_a_row_ < kReadsInARow && now - row_began_ < kLongestRow) return false;
    reads_in_a_row_ = 0;
    return true;
  }
  /// A read gave nothing.
  void paused() { reads_in_a_row_ = 0; }

 private:
  int reads_in_a_row_ = 0;
  TimePoint row_began_{};
  int late_reads_ = 0;  ///< behind the deadline `late_for_`
  TimePoint late_for_{};
};

/// Gives the loop's timers a turn, then what was seen.
template <class Seen>
Task<Seen> breathe(Loop& loop, Seen seen) {
  co_await asio::post(loop.executor(), asio::use_awaitable_t<Executor>());
  co_return seen;
}

}  // namespace dialtone
