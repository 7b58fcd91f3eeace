#pragma once

#include <string_view>

#include "harness/net/datagram_socket.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

/// Sends one datagram, and judges what the call gave.
Task<StepOutcome> send_datagram(DatagramSocket& socket, ByteView octets, Deadline deadline);

/// The same of a send that shall fail with ECONNREFUSED, as `wanted` says for people.
StepOutcome judge_refused_send(const DatagramDelivery& delivery, std::string_view wanted,
                               const Deadline& deadline);

}  // namespace dialtone
