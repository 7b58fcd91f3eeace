#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/clock.hpp"
#include "harness/model/ending.hpp"

/// What happened in one scenario, in order. Events are closed: a new kind must be placed wherever
/// they are shown.
namespace dialtone {

struct Connected {
  std::string local;  ///< "address:port"
  std::string peer;
};
struct ConnectFailed {
  std::string peer;
  ConnectOutcome outcome;
  int error;             ///< errno; 0 where our own deadline ended it
  std::string reason{};  ///< what is known besides: "ICMP host unreachable from 10.0.0.1", or of a
                         ///< TLS handshake "the certificate has expired"
};
struct Listening {
  std::string local;
  int backlog;
};
struct Accepted {
  std::string local;
  std::string peer;
};
/// The two sides of a datagram.
struct DatagramPath {
  std::string
      local;  ///< "address:port"; the address is the unspecified one where the kernel chooses
  std::string peer;
};
/// What lies between the octets of an event and the network.
struct Carriage {
  bool tls = false;                      ///< the octets are the application's, of a TLS session
  std::optional<DatagramPath> datagram;  ///< nullopt: a stream
};
struct Sent {
  Bytes bytes;
  Carriage over{};
};
struct Received {
  Bytes bytes;  ///< as one recv returned them; matching never depends on it (law 1)
  Carriage over{};
};
/// The peer's direction ended.
struct PeerEnded {
  Ending ending;
  int error = 0;           ///< errno where that says more, as of kTimeout
  bool after_fin = false;  ///< kReset: it had ended with FIN before, which stays its ending
};
/// Our own act on the connection.
struct WeEnded {
  enum class How { kShutdown, kClose, kReset } how;
};
/// "shutdown", "close", "reset".
std::string_view name_of(WeEnded::How how);
/// A deadline passed.
struct DeadlinePassed {
  std::string waiting_for;
  Duration budget;
};
/// A socket call made by the step `call`, with what it returned.
struct Called {
  std::string call;  ///< "recv(1024)"
  long returned;
  int error;  ///< errno, 0 on success
};
/// Something done to the endpoint, or seen of it: "close_listener", "accepted a", "process 4711
/// started".
struct Noted {
  std::string text;
};

using EventKind = std::variant<Connected, ConnectFailed, Listening, Accepted, Sent, Received,
                               PeerEnded, WeEnded, DeadlinePassed, Called, Noted>;

struct Event {
  Duration at;             ///< since the scenario began, monotonic
  int step;                ///< index of the step that was running, from 0
  std::string connection;  ///< its name in the scenario; empty where the event belongs to none
  EventKind kind;
};

using Transcript = std::vector<Event>;

/// One line for a person, without time and connection: "sent 7 octets", "peer ended with FIN".
std::string describe(const EventKind& kind);

/// "refused (ECONNREFUSED, ICMP port unreachable from 10.0.0.2)"; `error` 0: "timeout (no answer)".
std::string describe_failure(ConnectOutcome outcome, int error, const std::string& reason);

/// The octets that the event carries; empty where it carries none.
ByteView payload_of(const EventKind& kind);

}  // namespace dialtone
