#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/net/socket_row.hpp"

namespace dialtone::inet_diag {

/// The messages of NETLINK_SOCK_DIAG for TCP (man 7 sock_diag, man 7 netlink), without any I/O.
/// `sequence` ties a reply to its request.

/// Asks for the one socket of this pair, which must be of one family.
std::string encode_lookup(const SocketAddress& local, const SocketAddress& peer,
                          std::uint32_t sequence);

/// Asks for all sockets of `family` (AF_INET, AF_INET6) in one of `states` whose local port is
/// `local_port`; 0 takes every port.
std::string encode_dump(int family, std::uint16_t local_port, TcpStates states,
                        std::uint32_t sequence);

/// What the datagrams of one reply have said so far.
struct Reply {
  std::vector<SocketRow> rows;
  bool done = false;         ///< nothing follows
  bool interrupted = false;  ///< the table changed in a way that made the dump inconsistent
  int error = 0;             ///< errno of the kernel, or EBADMSG for what cannot be parsed
};

/// Adds one datagram to `reply`. Messages of another sequence are left out: they answer a request
/// that was given up.
void parse(std::string_view datagram, std::uint32_t sequence, Reply& reply);

}  // namespace dialtone::inet_diag
