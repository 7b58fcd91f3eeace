#pragma once

#include <string>
#include <string_view>

#include "harness/model/matcher.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/net/connection.hpp"
#include "harness/net/datagram_socket.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

class Session;

/// Octets that a step waits for: what `expect` does on one connection.
class ExpectedOctets {
 public:
  /// `field` holds the matcher. `capture`: the variable that keeps what matched; empty: none.
  ExpectedOctets(StepReader& reader, std::string_view field, std::string capture = {});

  /// Takes them off the front of what the connection received.
  Task<StepOutcome> await(Session& session, Connection& connection, Deadline deadline) const;

  /// One whole datagram, from where the socket's peer is. `pass_over`: others may come before it.
  Task<StepOutcome> await(Session& session, DatagramSocket& socket, Deadline deadline,
                          bool pass_over = false) const;

  /// Whether this datagram is it.
  StepOutcome judge(Session& session, DatagramSocket& socket, const Datagram& datagram) const;

 private:
  template <class Watch>
  Task<StepOutcome> await(Session& session, Watch watch, Deadline deadline) const;
  const Bytes* octets_of_matcher(Session& session, Bytes& storage) const;

  Matcher matcher_;
  std::string capture_;
};

}  // namespace dialtone
