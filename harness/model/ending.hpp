#pragma once

#include <optional>
#include <string_view>

namespace dialtone {

/// What a connect came to (requirements 4.1). Never merged: each points at another cause.
enum class ConnectOutcome {
  kConnected,
  kRefused,      ///< RST or ICMP port unreachable: nobody listens there
  kTimeout,      ///< no answer within the deadline: filtered, or the accept queue is full
  kUnreachable,  ///< no route, or a router said so
  kReset,        ///< the handshake was accepted and then torn down by a RST
  kTlsFailed,    ///< TCP connected, but the TLS handshake over it did not come to its end
};

std::string_view name_of(ConnectOutcome outcome);
std::optional<ConnectOutcome> find_connect_outcome(std::string_view name);

/// How the peer's direction of a connection ended (requirements 4.2).
enum class Ending {
  kFin,        ///< recv returned 0 octets
  kReset,      ///< ECONNRESET
  kTimeout,    ///< the kernel gave the connection up (ETIMEDOUT): not our deadline, but silence all
               ///< the same
  kTruncated,  ///< over TLS: FIN without close_notify. Somebody in between may have cut the
               ///< stream (RFC 8446 section 6.1), so it is no fin
  kTlsFailed,  ///< over TLS: a fatal alert of the peer, or octets that are no TLS
};

std::string_view name_of(Ending ending);

}  // namespace dialtone
