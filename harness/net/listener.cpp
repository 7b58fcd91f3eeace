#include "harness/net/listener.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "harness/net/socket_owner.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {
namespace {

/// The call failed, and why this host cannot use such an address, where that is known.
OsError failed_at(std::string_view call, const SocketAddress& at, int error) {
  const auto trouble = family_trouble(at);
  const auto why = trouble ? fmt::format(" ({})", *trouble) : std::string();
  return os_error(fmt::format("{} {}{}", call, at.to_string(), why), error);
}

/// ": process 17 (redis-server, user id 33) listens on 0.0.0.0:6379", or nothing where the kernel
/// shows none.
std::string who_listens(const SocketAddress& at) {
  if (at.is_unix()) return {};
  auto table = SocketTable::open();
  if (!table.ok()) return {};
  const auto rows = table.value().listeners(at.port());
  if (!rows.ok()) return {};
  for (const auto& row : rows.value()) {
    const bool is_in_the_way = takes(row, at) || (at.is_any() && row.local.family() == at.family());
    if (!is_in_the_way) continue;
    return fmt::format(": {} listens on {}", holder(row.inode, fmt::format("user id {}", row.uid)),
                       row.local.to_string());
  }
  return {};
}

OsError not_bound(const SocketAddress& at, int error) {
  auto failure = failed_at("bind", at, error);
  if (error == EADDRINUSE) failure.text += who_listens(at);
  return failure;
}

}  // namespace

bool has_ipv6_loopback() { return Listener::open(*SocketAddress::from_host("::1", 0), 1).ok(); }

OsResult<UniqueFd> Listener::open(const SocketAddress& at, int backlog, int receive_buffer) {
  UniqueFd fd(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return failed_at("a socket for", at, errno);
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Before listen: the window that a handshake offers comes from it (tcp(7)).
  if (receive_buffer > 0 &&
      ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer) != 0)
    return os_error("SO_RCVBUF", errno);
  if (::bind(fd.get(), at.data(), at.size()) != 0) return not_bound(at, errno);
  if (::listen(fd.get(), backlog) != 0) return failed_at("listen on", at, errno);
  return fd;
}

Listener::Listener(Loop& loop, UniqueFd fd)
    : pollable_(loop, std::move(fd)),
      local_(SocketAddress::local_of(pollable_.fd()).value_or(SocketAddress())) {}

Listener::~Listener() { close(); }

void Listener::close() {
  if (!is_open()) return;
  pollable_.close();
  const auto name = local_.is_unix() ? local_.host() : std::string();
  if (!name.empty() && name.front() != '@') ::unlink(name.c_str());
}

Task<std::variant<AcceptedSocket, int>> Listener::accept(TimePoint deadline) {
  while (is_open()) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    UniqueFd fd(::accept4(this->fd(), reinterpret_cast<sockaddr*>(&peer), &size,
                          SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
      const auto address = SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&peer), size);
      co_return AcceptedSocket{std::move(fd), address.value_or(SocketAddress())};
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno != EAGAIN) co_return errno;
    const bool ready = co_await pollable_.wait(Pollable::For::kReading, deadline);
    if (!ready && is_open()) co_return ETIME;
  }
  co_return EBADF;
}

}  // namespace dialtone
