#pragma once

#include <sys/epoll.h>

#include <array>
#include <asio/posix/basic_stream_descriptor.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/net/task.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {

class Pollable;

/// The descriptors that coroutines wait for, in an epoll set of their own, of which Asio sees one
/// descriptor. A conversation then costs one epoll_ctl in place of Asio's ioctl and three
/// epoll_ctls (add, arm, remove), and no wait costs any: the set is edge-triggered (man 7 epoll),
/// so whoever waits must have seen EAGAIN before, or have never waited yet.
class Poller {
 public:
  explicit Poller(const Executor& executor);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Wakes `pollable` from now on; it must be removed before its descriptor is closed. `events` is
  /// EPOLLIN or EPOLLOUT or both; a second call changes them.
  void watch(Pollable& pollable, std::uint32_t events);
  void remove(const Pollable& pollable);

  /// Destroys the coroutines that still wait, and lets go of Asio's descriptor, before the
  /// io_context ends.
  void shutdown();

 private:
  struct Entry {
    Pollable* pollable = nullptr;
    std::uint32_t generation = 0;  // tells a descriptor's number from its use before
  };

  void arm();
  void collect();
  void deliver(const epoll_event& event);

  UniqueFd set_;
  std::optional<asio::posix::basic_stream_descriptor<Executor>> outer_;
  std::vector<Entry> entries_;  // by descriptor
  std::array<epoll_event, 256> events_{};
  bool armed_ = false;
};

}  // namespace dialtone
