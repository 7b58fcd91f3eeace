#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/net/socket_address.hpp"

namespace dialtone {

/// A bound UDP socket of this network namespace.
struct UdpSocket {
  SocketAddress local;
  std::uint64_t inode;  ///< by it, /proc/PID/fd tells who holds it
};

/// Those in the text of /proc/net/udp or /proc/net/udp6 (man 5 proc). Malformed lines, and the one
/// of headings, are left out.
std::vector<UdpSocket> udp_sockets_in(std::string_view table);

/// Those of both tables that have this port.
std::vector<UdpSocket> udp_sockets(std::uint16_t port);

/// Whether datagrams to this address reach the socket: its own, or every address of its family; one
/// of IPv6 that has every address takes IPv4's too, unless it was told not to.
bool is_at(const UdpSocket& socket, const SocketAddress& address);

}  // namespace dialtone
