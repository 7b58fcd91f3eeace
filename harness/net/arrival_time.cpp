#include "harness/net/arrival_time.hpp"

#include <linux/tcp.h>  // its tcp_info has tcpi_min_rtt
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <limits>

namespace dialtone {
namespace {

/// A kernel that knows fewer fields leaves the rest as it is.
std::optional<tcp_info> info_of(int fd) {
  int protocol = 0;
  socklen_t protocol_length = sizeof protocol;
  if (::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &protocol_length) != 0 ||
      protocol != IPPROTO_TCP)
    return std::nullopt;
  tcp_info info{};
  socklen_t length = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return std::nullopt;
  return info;
}

std::optional<TimePoint> ago(int fd, std::uint32_t tcp_info::*milliseconds) {
  const auto info = info_of(fd);
  if (!info) return std::nullopt;
  return Clock::now() - std::chrono::milliseconds((*info).*milliseconds);
}

}  // namespace

std::optional<TimePoint> last_data_at(int fd) { return ago(fd, &tcp_info::tcpi_last_data_recv); }

std::optional<TimePoint> last_segment_at(int fd) { return ago(fd, &tcp_info::tcpi_last_ack_recv); }

Duration shortest_round_trip(int fd) {
  const auto info = info_of(fd);
  if (!info || info->tcpi_min_rtt == std::numeric_limits<std::uint32_t>::max())
    return Duration::zero();
  return std::chrono::microseconds(info->tcpi_min_rtt);
}

}  // namespace dialtone
