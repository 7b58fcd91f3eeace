#pragma once

#include <string>

#include "harness/net/socket_address.hpp"

namespace dialtone {

/// `dialtone serve --line`, as it was written.
struct ServeLineArguments {
  SocketAddress address;
  bool any_address = false;
  std::string idle_limit;  ///< empty: none
  std::string slow_limit;
  bool tls = false;
  std::string
      certificate;  ///< PEM files; empty: made at the start, for "localhost" and the address
  std::string key;
  std::string client_ca;   ///< clients must show a certificate of this authority
  std::string tls_ca_out;  ///< where the authority of the certificate that is made is written
  std::string alpn;        ///< empty: kLineProtocol
  std::string fault;
};

/// Serves lines until a signal ends it: SIGTERM drains first, SIGINT does not; SIGUSR1 closes the
/// listener. The exit code; mistakes were printed then.
int serve_line(const ServeLineArguments& arguments);

}  // namespace dialtone
