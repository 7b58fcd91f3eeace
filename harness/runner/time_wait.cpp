#include "harness/runner/time_wait.hpp"

#include <sys/socket.h>

#include <chrono>
#include <vector>

namespace dialtone {
namespace {

constexpr Duration kPatience = std::chrono::milliseconds(200);
constexpr Duration kPause = std::chrono::milliseconds(1);

UniqueFd poke(const SocketRow& row) {
  UniqueFd fd(::socket(row.peer.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), row.peer.data(), row.peer.size()) == 0) {
    [[maybe_unused]] const int in_progress = ::connect(fd.get(), row.local.data(), row.local.size());
  }
  return fd;
}

}  // namespace

Task<> clear_time_wait(Loop& loop, SocketTable& table, std::uint16_t port) {
  const auto give_up = Clock::now() + kPatience;
  std::vector<UniqueFd> pokes;
  while (Clock::now() < give_up) {
    const auto rows = table.connections(port, states_of({TcpState::kTimeWait}));
    if (!rows.ok() || rows.value().empty()) co_return;
    for (const auto& row : rows.value()) pokes.push_back(poke(row));
    co_await loop.sleep_until(Clock::now() + kPause);
    pokes.clear();
  }
}

}  // namespace dialtone
