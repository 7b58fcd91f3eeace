#include "harness/runner/time_wait.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <utility>
#include <vector>

#include "harness/net/ephemeral_ports.hpp"

namespace dialtone {
namespace {

constexpr Duration kPatience = std::chrono::milliseconds(200);
constexpr Duration kPause = std::chrono::milliseconds(1);

constexpr int kLocalPortRange = 51;  // IP_LOCAL_PORT_RANGE, Linux 6.3: newer than glibc's headers

bool bind_to(int fd, const SocketAddress& address) {
  return ::bind(fd, address.data(), address.size()) == 0;
}

/// Where another connection of this host has the same port, by the kernel's choice, bind(2) refuses
/// it. A connect shares it, and its choice can be narrowed to that one port (man 7 ip). Only within
/// the kernel's ephemeral range.
bool narrow_to(int fd, const SocketAddress& address) {
  const int on = 1;
  const std::uint32_t range = std::uint32_t{address.port()} << 16 | address.port();
  return is_ephemeral(address.port()) &&
         ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) == 0 &&
         ::setsockopt(fd, IPPROTO_IP, kLocalPortRange, &range, sizeof range) == 0 &&
         bind_to(fd, address.with_port(0));
}

UniqueFd poke(const SocketRow& row) {
  UniqueFd fd(::socket(row.peer.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind_to(fd.get(), row.peer) || narrow_to(fd.get(), row.peer)) {
    [[maybe_unused]] const int in_progress =
        ::connect(fd.get(), row.local.data(), row.local.size());
  }
  return fd;
}

/// Of no program any more. Once in some thousand times, under load, Linux keeps the FIN_WAIT2 of a
/// server that closed first though our RST followed (seen on 6.18).
std::vector<SocketRow> left_behind(SocketTable& table, std::uint16_t port) {
  auto rows = table.connections(port, states_of({TcpState::kTimeWait, TcpState::kFinWait2}));
  if (!rows.ok()) return {};
  std::erase_if(rows.value(), [](const SocketRow& row) { return row.inode != 0; });
  return std::move(rows.value());
}

}  // namespace

Task<> clear_time_wait(Loop& loop, SocketTable& table, std::uint16_t port) {
  const auto give_up = Clock::now() + kPatience;
  std::vector<UniqueFd> pokes;
  while (Clock::now() < give_up) {
    const auto rows = left_behind(table, port);
    if (rows.empty()) co_return;
    for (const auto& row : rows) pokes.push_back(poke(row));
    co_await loop.sleep_until(Clock::now() + kPause);
    pokes.clear();
  }
}

}  // namespace dialtone
