#include "harness/net/arrival_time.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>

namespace dialtone {
namespace {

std::optional<TimePoint> ago(int fd, std::uint32_t tcp_info::*milliseconds) {
  tcp_info info{};
  socklen_t length = sizeof info;
  int protocol = 0;
  socklen_t protocol_length = sizeof protocol;
  if (::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &protocol_length) != 0 ||
      protocol != IPPROTO_TCP)
    return std::nullopt;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return std::nullopt;
  return Clock::now() - std::chrono::milliseconds(info.*milliseconds);
}

}  // namespace

std::optional<TimePoint> last_data_at(int fd) { return ago(fd, &tcp_info::tcpi_last_data_recv); }

std::optional<TimePoint> last_segment_at(int fd) { return ago(fd, &tcp_info::tcpi_last_ack_recv); }

}  // namespace dialtone
