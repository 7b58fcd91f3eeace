#include "harness/net/listener.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace dialtone {

bool has_ipv6_loopback() { return Listener::open(*SocketAddress::from_host("::1", 0), 1).ok(); }

OsResult<UniqueFd> Listener::open(const SocketAddress& at, int backlog, int receive_buffer) {
  UniqueFd fd(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return os_error("socket", errno);
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Before listen: the window that a handshake offers comes from it (tcp(7)).
  if (receive_buffer > 0 &&
      ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer) != 0)
    return os_error("SO_RCVBUF", errno);
  if (::bind(fd.get(), at.data(), at.size()) != 0) return os_error("bind " + at.to_string(), errno);
  if (::listen(fd.get(), backlog) != 0) return os_error("listen on " + at.to_string(), errno);
  return fd;
}

Listener::Listener(Loop& loop, UniqueFd fd)
    : pollable_(loop, std::move(fd)),
      local_(SocketAddress::local_of(pollable_.fd()).value_or(SocketAddress())) {}

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
