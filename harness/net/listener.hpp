#pragma once

#include <string>
#include <variant>

#include "harness/net/os_result.hpp"
#include "harness/net/pollable.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {

struct AcceptedSocket {
  UniqueFd fd;
  SocketAddress peer;
};

/// Whether this host has the address ::1: some containers have no IPv6.
bool has_ipv6_loopback();

/// A listening socket.
class Listener {
 public:
  /// socket, SO_REUSEADDR, bind, listen. Port 0 takes a free one. `receive_buffer`: SO_RCVBUF in
  /// octets, which accepted sockets inherit; the kernel doubles it and has a least one; 0 leaves
  /// its own. Errors: of bind(2), EADDRINUSE above all.
  static OsResult<UniqueFd> open(const SocketAddress& at, int backlog, int receive_buffer = 0);

  Listener(Loop& loop, UniqueFd fd);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const SocketAddress& local() const { return local_; }
  int fd() const { return pollable_.fd(); }
  bool is_open() const { return pollable_.is_open(); }

  /// One connection; errno where accept failed: ETIME at the deadline, EBADF once it is closed.
  Task<std::variant<AcceptedSocket, int>> accept(TimePoint deadline);

  /// A Unix socket's file goes too: the name is free again, as a port would be.
  void close();

 private:
  Pollable pollable_;
  SocketAddress local_;
};

}  // namespace dialtone
