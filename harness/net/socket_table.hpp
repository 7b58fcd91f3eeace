#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/net/inet_diag.hpp"
#include "harness/net/os_result.hpp"
#include "harness/net/socket_row.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {

/// What the kernel shows of the TCP sockets of this network namespace, those of other processes
/// included, through NETLINK_SOCK_DIAG (man 7 sock_diag). It needs no privilege.
///
/// A row is a photograph: a kernel moves on while it is looked at, so poll until it settles.
/// Calls block for microseconds, a whole dump for about a millisecond. One thread at a time.
class SocketTable {
 public:
  /// Fails where the kernel or a sandbox refuses, with the reason: no inet_diag module (ENOENT), a
  /// seccomp filter (EPERM, EPROTONOSUPPORT).
  static OsResult<SocketTable> open();

  /// The connection of exactly this pair, seen from `local`'s side, or nullopt. One hash lookup,
  /// not a dump. A listener never stands in for a connection. TIME_WAIT and SYN_RECV are found.
  OsResult<std::optional<SocketRow>> find(const SocketAddress& local, const SocketAddress& peer);

  /// The listening sockets, IPv4 and IPv6, on this port; 0 takes every port.
  OsResult<std::vector<SocketRow>> listeners(std::uint16_t port);

  /// The sockets with this local port (0 takes every port) that are in one of `states`.
  OsResult<std::vector<SocketRow>> connections(std::uint16_t local_port,
                                               TcpStates states = kConnectionStates);

 private:
  /// A question without its sequence number, which is new at every attempt.
  struct Query {
    int family;
    SocketAddress local;
    std::optional<SocketAddress> peer;  ///< nullopt: a dump
    TcpStates states;
  };

  SocketTable() = default;

  OsResult<std::vector<SocketRow>> dump(std::uint16_t port, TcpStates states);
  /// Repeats an exchange that the table's changes or a small buffer spoilt.
  OsResult<std::vector<SocketRow>> ask(const Query& query);
  /// errno of the netlink socket, or 0. What the kernel answered is in `reply`.
  int exchange(const std::string& request, std::uint32_t sequence, inet_diag::Reply& reply);
  int receive(std::uint32_t sequence, inet_diag::Reply& reply);
  int open_netlink();

  UniqueFd netlink_;
  std::uint32_t sequence_ = 0;
  std::string buffer_ = std::string(kFirstBuffer, '\0');

  /// The kernel fills dumps in portions of at most 32 KiB.
  static constexpr std::size_t kFirstBuffer = std::size_t{32} * 1024;
};

}  // namespace dialtone
