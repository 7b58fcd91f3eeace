#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "harness/model/errno_name.hpp"
#include "harness/net/connection.hpp"
#include "harness/net/icmp_error.hpp"

/// What a Connection makes of errors that come beside its octets: ICMP, and a RST after FIN.
namespace dialtone {
namespace {

bool is_over(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  return ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state == TCP_CLOSE;
}

/// How the connection ended where a call on it fails so. What ICMP said last is the error where the
/// kernel gives up at last (tcp_write_err of net/ipv4/tcp_timer.c).
std::optional<Ending> ending_of(int error) {
  switch (error) {
    case ECONNRESET: return Ending::kReset;
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH: return Ending::kTimeout;
    default: return std::nullopt;
  }
}

}  // namespace

void Connection::keep_icmp_errors() {
  if (peer_.is_unix()) return;
  keeps_icmp_ = true;
  dialtone::keep_icmp_errors(fd(), peer_.family(), true);
}

void Connection::forget_icmp_errors() {
  if (std::exchange(keeps_icmp_, false)) dialtone::keep_icmp_errors(fd(), peer_.family(), false);
}

bool Connection::is_soft(int error) {
  if (!keeps_icmp_ || error == EAGAIN || error == EINTR || error == EPIPE || error == ECONNRESET ||
      error == ETIMEDOUT)
    return false;
  forget_icmp_errors();
  if (is_over(fd())) return false;
  recorder_->add(name_, Noted{fmt::format("ICMP said {}, and TCP goes on", errno_name(error))});
  return true;
}

bool Connection::is_gone(int error) {
  const auto how = ending_of(error);
  if (!how && error != EPIPE) return false;
  if (how) met_ = how;
  if (how != Ending::kTimeout && ended_by_fin() && !has_shut_down_) note_later_reset();
  return true;
}

Arrival Connection::failed_read(int error) {
  if (const auto how = ending_of(error)) return ending(*how, error);
  return LocalTrouble{"recv", error};
}

void Connection::note_later_reset() {
  if (std::exchange(has_later_reset_, true)) return;
  recorder_->add(name_, PeerEnded{.ending = Ending::kReset, .after_fin = true});
}

void Connection::watch_for_later_reset() {
  pollable_.on_error([this] {
    // The reading of SO_ERROR takes it away, which harms no more: recv has returned 0 (HAR-01).
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == EPIPE || error == ECONNRESET) note_later_reset();
    if (error != 0) is_soft(error);
  });
}

Task<bool> Connection::later_reset(TimePoint until) {
  bool waits = true;
  while (!has_later_reset_ && waits)
    waits = co_await pollable_.wait(Pollable::For::kReading, until);
  co_return has_later_reset_;
}

}  // namespace dialtone
