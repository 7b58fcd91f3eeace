#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "harness/net/connection.hpp"
#include "harness/net/tls_context.hpp"

namespace dialtone {

struct DialOptions {
  std::string name;  ///< of the connection, in the scenario
  SocketAddress to;
  std::optional<SocketAddress>
      from;                     ///< bound before the connect; a client normally does not (ART-30)
  bool sit_out_stalls = false;  ///< silence is what is expected: it is watched for the whole budget
                                ///< (Deadline::sat_out)
  int receive_buffer = 0;  ///< SO_RCVBUF in octets, before the handshake offers a window; 0: as the
                           ///< kernel has it
  std::shared_ptr<const TlsContext> tls{};  ///< nullptr: plain TCP
  TlsSession::ClientOptions tls_options{};
  bool await_tls_verdict = false;  ///< see Connection::handshake
};

/// The handshake failed, and how (requirements 4.1). `error` is errno, 0 where our own deadline
/// ended it, or where TLS failed over a connection that TCP had made (kTimeout where the peer did
/// not go on with its handshake). `reason` says what is known besides: which ICMP message did it,
/// whether the listener's accept queue was full, why TLS failed.
struct NotConnected {
  ConnectOutcome outcome;
  int error;
  std::string reason{};
};

using Dialed =
    std::variant<std::unique_ptr<Connection>, NotConnected, HarnessStalled, LocalTrouble>;

/// Connects, and shakes hands where TLS is asked for. A socket that meets itself (a closed port of
/// this host inside the ephemeral range can do that, KRN-20) is thrown away and tried anew; a
/// failed one is never used again (POSIX leaves its state open).
Task<Dialed> dial(Loop& loop, Recorder& recorder, DialOptions options, Deadline deadline);

/// Which outcome a connect's errno stands for; nullopt where the trouble is on our own side
/// (EMFILE, EADDRNOTAVAIL, ...). ENOENT comes of a Unix socket's path that does not exist: nobody
/// listens there. A Unix listener whose queue is full gives EAGAIN at once, where a TCP one does
/// not answer; dial() tries again until the deadline, so that both are a timeout.
std::optional<ConnectOutcome> outcome_of(int error);

}  // namespace dialtone
