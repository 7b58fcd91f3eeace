#pragma once

#include <chrono>
#include <optional>

#include "harness/model/clock.hpp"

namespace dialtone {

/// When the kernel got the last octets of a TCP connection (tcpi_last_data_recv of TCP_INFO, man 7
/// tcp), to the kernel's tick; nullopt for a socket of another kind.
std::optional<TimePoint> last_data_at(int fd);

/// When it got the last segment, which a FIN or the end of a handshake may be
/// (tcpi_last_ack_recv). It tells of no RST.
std::optional<TimePoint> last_segment_at(int fd);

/// The shortest time that an ACK took to come back lately (tcpi_min_rtt): the way there and back,
/// without the 40 ms of a delayed ACK. Zero where it is not known.
Duration shortest_round_trip(int fd);

/// What comes within a tick of the deadline came in time: the kernel counts no finer (HZ may be
/// 100).
constexpr Duration kKernelTick = std::chrono::milliseconds(10);

}  // namespace dialtone
