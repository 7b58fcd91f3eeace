#pragma once

#include <string>
#include <string_view>

#include "harness/net/connection.hpp"
#include "harness/net/datagram_socket.hpp"
#include "harness/steps/step.hpp"

/// Outcomes that several verbs come to, in the same words.
namespace dialtone {

Failed failed(std::string type, std::string message, std::string expected = {},
              std::string actual = {});
Impossible impossible(std::string type, std::string message);

Impossible stalled(const HarnessStalled& stall, const Deadline& deadline);
Impossible trouble(const LocalTrouble& trouble);

/// "the peer ended with FIN (recv returned 0 octets)"
std::string describe(Ending ending);

/// For an arrival that is not what was wanted: `wanted` reads on from "expected".
StepOutcome unexpected(const Arrival& arrival, std::string_view wanted, const Deadline& deadline);

/// For what came on a UDP socket and is no datagram.
StepOutcome unexpected(const DatagramArrival& arrival, std::string_view wanted,
                       const Deadline& deadline);

/// Says in the message which of several connections it was.
void name_connection(StepOutcome& outcome, std::string_view name);

/// For octets that came where none were expected.
Failed unexpected_octets(ByteView octets, std::string_view wanted, Encoding encoding);

}  // namespace dialtone
