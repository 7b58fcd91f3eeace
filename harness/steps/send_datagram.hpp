#pragma once

#include "harness/net/datagram_socket.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

/// Sends one datagram, and judges what the call gave.
Task<StepOutcome> send_datagram(DatagramSocket& socket, ByteView octets, Deadline deadline);

}  // namespace dialtone
