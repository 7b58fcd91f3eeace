// The server that both clients of the benchmark talk to: one thread, one epoll instance.
// It prints the port it listens on and serves until its standard input (a pipe) is closed.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ci/bench/conversation.hpp"

namespace dialtone::bench {
namespace {

/// The kernel caps it at net.core.somaxconn; 256 clients in flight stay far below either.
constexpr int kBacklog = 4096;

/// listen(2) on a free port of 127.0.0.1. Returns -1 with errno set when it fails.
int open_listener() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, generic(&address), sizeof address) != 0) return -1;
  return listen(listener, kBacklog) == 0 ? listener : -1;
}

std::uint16_t port_of(int listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(listener, generic(&address), &size);
  return ntohs(address.sin_port);
}

class Server {
 public:
  explicit Server(int listener) : listener_(listener), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  /// Serves until standard input is readable, which for a pipe means closed. False on an error.
  bool serve() {
    bool fine = watch(listener_) && watch(STDIN_FILENO);
    while (fine && !stopped_) fine = serve_once();
    return fine;
  }

 private:
  bool watch(int descriptor) const {
    epoll_event interest{.events = EPOLLIN, .data = {.fd = descriptor}};
    return epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &interest) == 0;
  }

  bool serve_once() {
    std::array<epoll_event, 512> events{};
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    if (ready < 0) return errno == EINTR;
    for (const auto& event : std::span(events).first(static_cast<std::size_t>(ready)))
      dispatch(event.data.fd);
    return true;
  }

  void dispatch(int descriptor) {
    if (descriptor == STDIN_FILENO) {
      stopped_ = true;
    } else if (descriptor == listener_) {
      accept_all();
    } else {
      read_from(descriptor);
    }
  }

  void accept_all() const {
    for (;;) {
      const int peer = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (peer < 0) return;
      if (!watch(peer)) close(peer);
    }
  }

  void read_from(int peer) {
    std::array<char, 1024> buffer{};
    const auto count = recv(peer, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return finish(peer);
    const std::string_view heard(buffer.data(), static_cast<std::size_t>(count));
    if (heard != kRequest || partial_.contains(peer)) return read_partial(peer, heard);
    answer(peer);
  }

  /// A request that came in pieces, or is none. What is wrong is drained until the peer's FIN:
  /// closing a socket with unread data would send RST.
  void read_partial(int peer, std::string_view heard) {
    auto& collected = partial_[peer];
    collected += heard;
    if (collected == kRequest) answer(peer);
  }

  void answer(int peer) {
    send(peer, kReply.data(), kReply.size(), MSG_NOSIGNAL);
    finish(peer);
  }

  void finish(int peer) {
    if (!partial_.empty()) partial_.erase(peer);
    close(peer);
  }

  int listener_;
  int epoll_;
  bool stopped_ = false;
  std::unordered_map<int, std::string> partial_;  // only conversations that were cut in pieces
};

int run() {
  raise_descriptor_limit();
  const int listener = open_listener();
  if (listener < 0) {
    std::perror("bench_server: listen");
    return 1;
  }
  std::printf("%d\n", port_of(listener));
  std::fflush(stdout);
  if (Server(listener).serve()) return 0;
  std::perror("bench_server: epoll (standard input must be a pipe)");
  return 1;
}

}  // namespace
}  // namespace dialtone::bench

int main() { return dialtone::bench::run(); }
