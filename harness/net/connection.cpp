#include "harness/net/connection.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "harness/net/arrival_time.hpp"

namespace dialtone {
namespace {

// While the peer takes nothing, we look now and then whether it sends: one that echoes would wait
// for us to read.
constexpr Duration kSendSlice = std::chrono::milliseconds(5);

// A slow reader's: 300 ms of pauses in all. A kernel doubles the buffer (man 7 socket).
constexpr int kSlowReads = 10;
constexpr Duration kSlowPause = std::chrono::milliseconds(30);
constexpr std::size_t kSlowOctets = 7;
constexpr int kSlowBuffer = 32 * 1024;

Arrival too_late(Loop& loop, const Deadline& deadline) {
  if (deadline.spoilt(loop)) return HarnessStalled{deadline.stalled(loop)};
  return TimedOut{};
}

bool is_behind(std::optional<TimePoint> came, const Deadline& deadline) {
  return !came || *came > deadline.at() + kKernelTick;
}

}  // namespace

Connection::Connection(Loop& loop, Recorder& recorder, std::string name, UniqueFd fd,
                       SocketAddress local, SocketAddress peer)
    : pollable_(loop, std::move(fd)),
      recorder_(&recorder),
      name_(std::move(name)),
      local_(local),
      peer_(peer) {}

void Connection::learn_local() {
  local_ = SocketAddress::local_of(fd()).value_or(SocketAddress());
  // A connect to 0.0.0.0 reaches this host, whose table shows another address.
  if (peer_.is_any() && peer_.port() != 0) peer_ = SocketAddress::peer_of(fd()).value_or(peer_);
}

Arrival Connection::ending(Ending how, int error) {
  if (!ended_) {
    ended_ = how;
    ended_seen_ = Clock::now();
    has_waited_ = true;  // there is nothing more to wait for
    recorder_->add(name_, PeerEnded{.ending = how, .error = error});
    if (ended_by_fin()) watch_for_later_reset();
  }
  return ended_arrival();
}

Arrival Connection::ended_arrival() const {
  if (*ended_ == Ending::kTlsFailed) return TlsBroken{tls_->problem()};
  return *ended_;
}

/// At most so many octets, into the loop's scratch; as recv(2).
ssize_t Connection::receive_some(std::size_t most) {
  auto& scratch = pollable_.loop().scratch();
  ssize_t count = 0;
  do {
    count = ::recv(fd(), scratch.data(), most, MSG_DONTWAIT);
  } while (count < 0 && (errno == EINTR || is_soft(errno)));
  return count;
}

std::optional<Arrival> Connection::arrived(std::size_t most) {
  if (ended_) return ended_arrival();
  if (auto trouble = overfull()) return *std::move(trouble);
  if (tls_) return arrived_over_tls(most);
  const auto count = receive_some(most);
  if (count == 0) return ending(met_.value_or(Ending::kFin));
  if (count < 0 && errno == EAGAIN) return std::nullopt;
  if (count < 0) return failed_read(errno);
  Bytes bytes(pollable_.loop().scratch().data(), static_cast<std::size_t>(count));
  received_ += bytes;
  recorder_->add(name_, Received{std::move(bytes)});
  return DataArrived{};
}

std::optional<LocalTrouble> Connection::overfull() const {
  if (received_.size() < kMostUnread) return std::nullopt;
  return LocalTrouble{fmt::format("keeping more than {} MiB that no step has taken",
                                  kMostUnread / (std::size_t{1024} * 1024)),
                      ENOBUFS};
}

void Connection::read_slowly() {
  int type = 0;
  socklen_t length = sizeof type;
  // Less than a datagram would lose its rest.
  if (::getsockopt(fd(), SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM) return;
  slow_reads_left_ = kSlowReads;
  ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &kSlowBuffer, sizeof kSlowBuffer);
}

/// The pause ends before the deadline does: nobody shall miss it for our slowness.
Task<std::optional<Arrival>> Connection::read_after_pause(Deadline deadline) {
  const auto now = Clock::now();
  const auto left = deadline.at() - now;
  if (left > Duration::zero()) {
    co_await pollable_.loop().sleep_until(now + std::min<Duration>(kSlowPause, left / 4));
  }
  if (!is_open()) co_return std::nullopt;
  const auto seen = arrived(kSlowOctets);
  if (seen) --slow_reads_left_;
  co_return seen;
}

/// The kernel tells of each arrival once, so what it told of is read before the next wait.
Task<Arrival> Connection::slow_arrival(Deadline deadline) {
  bool ready = has_waited_;
  while (true) {
    if (ready) {
      const auto seen = co_await read_after_pause(deadline);
      if (seen) co_return *seen;
    }
    ready = co_await pollable_.wait(Pollable::For::kReading, deadline.at());
    has_waited_ = true;
    if (!ready) co_return last_look(deadline);
  }
}

std::optional<Arrival> Connection::look(Deadline deadline) {
  if (!guard_.may_read(deadline) && !ended_) return too_late(pollable_.loop(), deadline);
  return arrived_by(deadline);
}

bool Connection::came_late(const Deadline& deadline) {
  return deadline.overslept(pollable_.loop()) && is_behind(last_data_at(fd()), deadline);
}

bool Connection::called_late(const Deadline& deadline) {
  return deadline.overslept(pollable_.loop()) && is_behind(last_segment_at(fd()), deadline);
}

Duration Connection::round_trip() const { return shortest_round_trip(fd()); }

TimePoint Connection::ended_at() const {
  if (!ended_by_fin()) return ended_seen_;
  return std::min(ended_seen_, last_segment_at(fd()).value_or(ended_seen_));
}

/// Nothing tells when a RST came: only a stall that spoils the wait makes it doubtful.
bool Connection::ended_late(const Deadline& deadline) {
  auto& loop = pollable_.loop();
  if (!deadline.overslept(loop)) return false;
  return ended_by_fin() ? is_behind(ended_at(), deadline) : deadline.spoilt(loop);
}

std::optional<Arrival> Connection::arrived_by(const Deadline& deadline) {
  const bool had_ended = ended_.has_value();
  auto seen = arrived();
  if (!had_ended && ended_ && ended_late(deadline))
    return HarnessStalled{deadline.stalled(pollable_.loop())};
  return seen;
}

/// At the deadline: what the kernel already had counts.
Arrival Connection::last_look(const Deadline& deadline) {
  if (auto seen = arrived_by(deadline)) return *std::move(seen);
  return too_late(pollable_.loop(), deadline);
}

Task<Arrival> Connection::arrival(Deadline deadline) {
  if (slow_reads_left_ > 0) co_return co_await slow_arrival(deadline);
  // The first look comes after a wait: a reply is hardly ever there yet, and the call would be
  // wasted.
  bool ready = has_waited_;
  while (true) {
    if (ready) {
      const auto seen = look(deadline);
      if (seen && guard_.must_breathe()) co_return co_await breathe(pollable_.loop(), *seen);
      if (seen) co_return *seen;
      guard_.paused();
    }
    ready = co_await pollable_.wait(Pollable::For::kReading, deadline.at());
    has_waited_ = true;
    if (!ready) co_return last_look(deadline);
  }
}

void Connection::set_no_delay() {
  const int on = 1;
  ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Task<std::optional<Delivery>> Connection::wait_writable(Deadline deadline) {
  drain();
  if (auto trouble = overfull()) co_return *std::move(trouble);
  const auto slice = std::min(deadline.at(), Clock::now() + kSendSlice);
  co_await pollable_.wait(Pollable::For::kWriting, slice);
  if (!deadline.has_passed() || !std::exchange(last_try_, true)) co_return std::nullopt;
  if (deadline.spoilt(pollable_.loop()))
    co_return HarnessStalled{deadline.stalled(pollable_.loop())};
  co_return TimedOut{};
}

Task<Delivery> Connection::send(ByteView bytes, Deadline deadline, int flags) {
  if (tls_) co_return co_await send_over_tls(bytes, deadline, flags);
  // Nagle's algorithm delays only what follows an unacknowledged send, so the first one needs no
  // option (KRN-23).
  if (std::exchange(has_sent_, true)) set_no_delay();
  std::size_t sent = 0;
  last_try_ = false;
  while (sent < bytes.size()) {
    const auto before = Clock::now();
    const auto count =
        ::send(fd(), bytes.data() + sent, bytes.size() - sent, flags | MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      last_sent_ = before;
      recorder_->add(name_, Sent{Bytes(bytes.substr(sent, static_cast<std::size_t>(count)))});
      sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      const auto over = co_await wait_writable(deadline);
      if (over) co_return *over;
    } else if (const int error = errno; error != EINTR && !is_soft(error)) {
      if (is_gone(error)) co_return PeerGone{error};
      co_return LocalTrouble{"send", error};
    }
  }
  co_return AllSent{};
}

bool Connection::has_ended_unread() {
  if (ended_) return true;
  pollfd look{fd(), POLLRDHUP, 0};
  return ::poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP)) != 0;
}

int Connection::shutdown(CloseNotify close_notify) {
  if (close_notify != CloseNotify::kOmitted && !end_tls())
    throw std::runtime_error("the kernel has no room for TLS's close_notify");
  if (close_notify == CloseNotify::kAlone) return 0;
  recorder_->add(name_, WeEnded{WeEnded::How::kShutdown});
  has_shut_down_ = true;
  return ::shutdown(fd(), SHUT_WR) == 0 ? 0 : errno;
}

void Connection::drain() {
  for (int reads = 0; reads < FloodGuard::kReadsInARow && !ended_; ++reads) {
    const auto seen = arrived();
    if (!seen || !std::holds_alternative<DataArrived>(*seen)) return;
  }
}

void Connection::close() {
  if (!is_open()) return;
  drain();
  if (!end_tls()) recorder_->add(name_, Noted{"no room for TLS's close_notify: it was not sent"});
  recorder_->add(name_, WeEnded{WeEnded::How::kClose});
  pollable_.close();
}

bool Connection::can_reset() const {
  int unread = 0;
  return !peer_.is_unix() || (::ioctl(fd(), FIONREAD, &unread) == 0 && unread > 0);
}

void Connection::reset() {
  if (!is_open()) return;
  if (!peer_.is_unix()) drain();
  recorder_->add(name_, WeEnded{WeEnded::How::kReset});
  close_by_reset();
}

void Connection::abandon() {
  if (!is_open()) return;
  drain();
  if (ended_) {
    close_by_reset();
  } else {
    end_tls();
    pollable_.close();
  }
}

void Connection::close_by_reset() {
  const linger now{1, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  pollable_.close();
}

}  // namespace dialtone
