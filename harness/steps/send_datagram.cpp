#include "harness/steps/send_datagram.hpp"

#include <string>

#include "harness/steps/outcome.hpp"

namespace dialtone {

namespace {

StepOutcome not_sent(const DatagramDelivery& delivery, std::string_view wanted,
                     const Deadline& deadline) {
  if (const auto* local = std::get_if<LocalTrouble>(&delivery)) return trouble(*local);
  if (const auto* stall = std::get_if<HarnessStalled>(&delivery)) return stalled(*stall, deadline);
  if (std::holds_alternative<PortUnreachable>(delivery))
    return unexpected(DatagramArrival(PortUnreachable{}), wanted, deadline);
  return unexpected(DatagramArrival(TimedOut{}), wanted, deadline);
}

}  // namespace

Task<StepOutcome> send_datagram(DatagramSocket& socket, ByteView octets, Deadline deadline) {
  const auto delivery = co_await socket.send(octets, deadline);
  if (std::holds_alternative<AllSent>(delivery)) co_return Passed{};
  co_return not_sent(delivery, "the datagram is taken", deadline);
}

StepOutcome judge_refused_send(const DatagramDelivery& delivery, std::string_view wanted,
                               const Deadline& deadline) {
  if (std::holds_alternative<PortUnreachable>(delivery)) return Passed{};
  if (!std::holds_alternative<AllSent>(delivery)) return not_sent(delivery, wanted, deadline);
  return failed("NotRefused", "the send succeeded, though the port had been unreachable",
                std::string(wanted), "success");
}

}  // namespace dialtone
