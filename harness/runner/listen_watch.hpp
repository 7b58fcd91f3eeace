#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/net/socket_address.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {

/// Who listens at some addresses, as the kernel shows it: in the table of TCP sockets, or in
/// /proc/net/unix. A connection as a probe would be the one client of a one-shot server (ART-11).
class ListenWatch {
 public:
  /// `at`: one address, or all of a name. The error is a text: the kernel does not show its table.
  static std::variant<ListenWatch, std::string> open(std::vector<SocketAddress> at);

  /// The same for UDP sockets, by /proc/net/udp.
  static ListenWatch open_datagrams(std::vector<SocketAddress> at);

  /// "127.0.0.1:7788 is taken: process 4711 (nginx, user id 33) listens on 0.0.0.0:7788"; nullopt
  /// where all are free.
  std::optional<std::string> taken();

  /// The first of the addresses at which a process of this group listens.
  std::optional<SocketAddress> found(pid_t group);

  /// "it listens on 127.0.0.1:7789", "it listens nowhere"
  std::string elsewhere(pid_t group);

  /// nullptr where the addresses are Unix sockets, which are not in it.
  SocketTable* table() { return table_ ? &*table_ : nullptr; }

 private:
  ListenWatch(std::vector<SocketAddress> at, std::optional<SocketTable> table)
      : at_(std::move(at)), table_(std::move(table)) {}

  std::optional<std::string> path_taken() const;
  std::optional<SocketAddress> path_found(pid_t group) const;

  std::optional<std::string> datagrams_taken() const;
  std::optional<SocketAddress> datagrams_found(pid_t group) const;

  std::vector<SocketAddress> at_;
  std::optional<SocketTable> table_;
  bool datagrams_ = false;
};

}  // namespace dialtone
