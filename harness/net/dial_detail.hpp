#pragma once

#include <optional>
#include <string>

#include "harness/model/ending.hpp"
#include "harness/net/icmp_error.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {

/// How a connect(2) failed: errno, EINPROGRESS for no answer by our deadline; and the ICMP message
/// that did it, where one did.
struct FailedConnect {
  int error;
  std::optional<IcmpError> icmp{};
};

/// Which outcome that is (requirements 4.1); nullopt where the trouble is on our own side. An errno
/// that a local rule gives too, such as EACCES, is the network's word only where ICMP brought it.
std::optional<ConnectOutcome> outcome_of(const FailedConnect& failed);

/// What is known of the cause beyond errno; empty where that says it all. Asks the kernel about
/// addresses and listeners, so only for failures. The socket must be closed by then: in SYN_SENT it
/// would take the room that it waits for (HAR-18).
std::string detail_of(const FailedConnect& failed, const SocketAddress& to);

/// Why this host itself did not even try to connect; empty where nothing is known.
std::string policy_behind(int error);

}  // namespace dialtone
