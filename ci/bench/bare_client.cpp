// The client that Dialtone is measured against: an epoll loop with nothing wasted.
// A conversation costs socket, connect, epoll_ctl, send, recv (the reply), recv (0: EOF) and close,
// seven system calls, plus its share of epoll_wait. It judges what it hears, and nothing else.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "ci/bench/conversation.hpp"

namespace dialtone::bench {
namespace {

/// Milliseconds without any event after which the run is given up.
constexpr int kPatience = 10'000;

class Client {
 public:
  Client(sockaddr_in server, int count, int in_flight)
      : server_(server), to_start_(count), in_flight_(in_flight), epoll_(epoll_create1(0)) {}

  /// Holds all conversations; false when one of them went wrong (a line on stderr says how).
  bool run() {
    for (int i = 0; i < in_flight_; ++i)
      if (!start_next()) return false;
    std::array<epoll_event, 512> events{};
    while (running_ > 0) {
      const int ready =
          epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kPatience);
      if (ready <= 0) return complain(ready == 0 ? "nothing happened for 10 s" : "epoll_wait");
      for (const auto& event : std::span(events).first(ready))
        if (!advance(event)) return false;
    }
    return true;
  }

  int completed() const { return completed_; }

 private:
  static bool complain(const char* what) {
    std::perror(what);
    return false;
  }

  bool start_next() {
    if (to_start_ == 0) return true;
    --to_start_;
    const int peer = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer < 0) return complain("socket");
    if (connect(peer, generic(&server_), sizeof server_) != 0 && errno != EINPROGRESS)
      return complain("connect");
    epoll_event interest{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.fd = peer}};
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, peer, &interest) != 0) return complain("epoll_ctl");
    if (sent_.size() <= static_cast<std::size_t>(peer)) sent_.resize(peer + 1);
    sent_[peer] = false;
    ++running_;
    return true;
  }

  /// One edge of one conversation. Reads only what the event promises, so no call is in vain.
  bool advance(const epoll_event& event) {
    const int peer = event.data.fd;
    if ((event.events & (EPOLLERR | EPOLLHUP)) == EPOLLERR) return complain("conversation");
    if (!sent_[peer]) return send_request(peer);
    if ((event.events & EPOLLIN) == 0) return true;
    return read_reply(peer, (event.events & EPOLLRDHUP) != 0);
  }

  bool send_request(int peer) {
    sent_[peer] = true;
    const auto count = send(peer, kRequest.data(), kRequest.size(), MSG_NOSIGNAL);
    return count == static_cast<ssize_t>(kRequest.size()) || complain("send");
  }

  bool read_reply(int peer, bool ended) {
    std::array<char, 1024> buffer{};
    auto count = recv(peer, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      if (std::string_view(buffer.data(), static_cast<std::size_t>(count)) != kReply)
        return complain("another reply than expected");
      if (!ended) return true;  // the edge of the FIN is still to come
      count = recv(peer, buffer.data(), buffer.size(), 0);
    }
    return count == 0 ? finish(peer) : complain("recv");
  }

  bool finish(int peer) {
    close(peer);
    --running_;
    ++completed_;
    return start_next();
  }

  sockaddr_in server_;
  int to_start_;
  int in_flight_;
  int epoll_;
  int running_ = 0;
  int completed_ = 0;
  std::vector<char> sent_;  // by descriptor
};

int run(std::span<char*> arguments) {
  sockaddr_in server{};
  server.sin_family = AF_INET;
  if (arguments.size() != 5 || inet_pton(AF_INET, arguments[1], &server.sin_addr) != 1) {
    std::fputs("usage: bare_client ADDRESS PORT COUNT IN_FLIGHT\n", stderr);
    return 2;
  }
  server.sin_port = htons(static_cast<in_port_t>(std::atoi(arguments[2])));
  raise_descriptor_limit();
  Client client(server, std::atoi(arguments[3]), std::atoi(arguments[4]));
  const auto start = std::chrono::steady_clock::now();
  const bool fine = client.run();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("completed %d, %.0f conversations/s\n", client.completed(),
              client.completed() / std::max(elapsed.count(), 1e-9));
  return fine ? 0 : 1;
}

}  // namespace
}  // namespace dialtone::bench

int main(int argc, char** argv) {
  return dialtone::bench::run(std::span(argv, static_cast<std::size_t>(argc)));
}
