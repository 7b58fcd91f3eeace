#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/net/socket_address.hpp"

namespace dialtone {

/// What a written address stands for.
struct ResolvedAddress {
  std::string name;                      ///< the host name; empty where no name was written
  std::vector<SocketAddress> addresses;  ///< at least one; of a name, in the resolver's order, and
                                         ///< without those that this host cannot use
};

/// An address as SocketAddress::parse takes it, or "name:port", whose name getaddrinfo(3) resolves:
/// this call may block. The error is a text.
std::variant<ResolvedAddress, std::string> resolve(const std::string& written);

/// "'localhost' is [::1]:7788, 127.0.0.1:7788"; empty where there is only one.
std::string show_choice(const ResolvedAddress& resolved);

}  // namespace dialtone
