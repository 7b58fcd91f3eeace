#include "harness/steps/send_datagram.hpp"

#include "harness/steps/outcome.hpp"

namespace dialtone {

Task<StepOutcome> send_datagram(DatagramSocket& socket, ByteView octets, Deadline deadline) {
  const auto delivery = co_await socket.send(octets, deadline);
  if (std::holds_alternative<AllSent>(delivery)) co_return Passed{};
  if (const auto* local = std::get_if<LocalTrouble>(&delivery)) co_return trouble(*local);
  if (const auto* stall = std::get_if<HarnessStalled>(&delivery))
    co_return stalled(*stall, deadline);
  constexpr auto wanted = "the datagram is taken";
  if (std::holds_alternative<PortUnreachable>(delivery))
    co_return unexpected(DatagramArrival(PortUnreachable{}), wanted, deadline);
  co_return unexpected(DatagramArrival(TimedOut{}), wanted, deadline);
}

}  // namespace dialtone
