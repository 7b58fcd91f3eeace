#pragma once

#include <optional>
#include <string>

#include "harness/net/socket_address.hpp"

namespace dialtone {

/// An ICMP message that answered a connect (RFC 792; ICMPv6: RFC 4443).
struct IcmpError {
  bool is_v6;
  int type;
  int code;
  int error;           ///< the errno that it stands for
  SocketAddress from;  ///< who sent it: the host, a router, or this host itself; port 0
};

/// Whether the kernel keeps ICMP messages for this socket (IP_RECVERR, IPV6_RECVERR; man 7 ip). On,
/// it keeps those that answer a connect for take_icmp_error(); but once connected it also makes an
/// error of every one, where RFC 1122 section 4.2.3.9 wants TCP to go on: so off, then.
/// Nothing for other families than IPv4 and IPv6.
void keep_icmp_errors(int fd, int family, bool on);

/// The oldest message that the kernel has kept (MSG_ERRQUEUE); nullopt where there is none: what
/// failed had another cause, such as a RST.
std::optional<IcmpError> take_icmp_error(int fd);

/// "ICMP port unreachable from 10.0.0.2", "ICMPv6 administratively prohibited from this host".
std::string describe(const IcmpError& error);

}  // namespace dialtone
