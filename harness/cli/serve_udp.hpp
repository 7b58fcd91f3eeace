#pragma once

#include <string>

#include "harness/net/socket_address.hpp"

namespace dialtone {

/// `serve --udp`: runs the UDP server until a signal ends it. The exit code.
int serve_udp(const SocketAddress& address, const std::string& fault);

}  // namespace dialtone
