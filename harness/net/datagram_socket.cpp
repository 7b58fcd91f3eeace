#include "harness/net/datagram_socket.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace dialtone {
namespace {

DatagramArrival too_late(Loop& loop, const Deadline& deadline) {
  if (deadline.spoilt(loop)) return HarnessStalled{deadline.stalled(loop)};
  return TimedOut{};
}

/// A datagram to 0.0.0.0 reaches this host, which answers from another address.
bool same_host_and_port(const SocketAddress& from, const SocketAddress& peer) {
  if (peer.is_any()) return from.port() == peer.port();
  return from.unmapped() == peer.unmapped();
}

}  // namespace

DatagramSocket::DatagramSocket(Loop& loop, Recorder& recorder, std::string name, UniqueFd fd,
                               Form form, SocketAddress peer)
    : pollable_(loop, std::move(fd)),
      recorder_(&recorder),
      name_(std::move(name)),
      form_(form),
      peer_(peer) {
  learn_local();
}

void DatagramSocket::learn_local() {
  local_ = SocketAddress::local_of(fd()).value_or(SocketAddress());
}

Carriage DatagramSocket::carriage(const SocketAddress& other) const {
  return {.tls = false, .datagram = DatagramPath{local_.to_string(), other.to_string()}};
}

bool DatagramSocket::is_from_peer(const Datagram& datagram) const {
  return form_ == Form::kFree || same_host_and_port(datagram.from, peer_);
}

DatagramArrival DatagramSocket::failed_read(int error) {
  if (error != ECONNREFUSED) return LocalTrouble{"recvfrom", error};
  recorder_->add(name_, Noted{"recv failed with ECONNREFUSED (ICMP port unreachable)"});
  return PortUnreachable{};
}

std::optional<DatagramArrival> DatagramSocket::arrived() {
  if (!kept_.empty()) {
    auto first = std::move(kept_.front());
    kept_.pop_front();
    last_ = first.octets;
    return first;
  }
  auto& scratch = pollable_.loop().scratch();  // larger than any datagram: 65507 octets over IPv4
  sockaddr_storage from{};
  iovec room{scratch.data(), scratch.size()};
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof from;
  message.msg_iov = &room;
  message.msg_iovlen = 1;
  ssize_t count = 0;
  do {
    count = ::recvmsg(fd(), &message, MSG_DONTWAIT);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) return std::nullopt;
  if (count < 0) return failed_read(errno);
  if ((message.msg_flags & MSG_TRUNC) != 0) return LocalTrouble{"recvfrom (MSG_TRUNC)", EMSGSIZE};
  Datagram datagram{
      Bytes(scratch.data(), static_cast<std::size_t>(count)),
      SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&from), message.msg_namelen)
          .value_or(peer_)};
  record(datagram);
  last_ = datagram.octets;
  return datagram;
}

/// Datagrams that the kernel may have for us, at the most: of its buffer each takes its octets and
/// a header of its own, more than 256 octets (struct sk_buff).
int DatagramSocket::most_queued() const {
  int room = 0;
  socklen_t length = sizeof room;
  ::getsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &room, &length);
  return std::max(room / 256, FloodGuard::kReadsInARow);
}

void DatagramSocket::record(const Datagram& datagram) {
  if (form_ != Form::kConnected && recorder_->keeps_arrivals())
    recorder_->add(name_, Noted{fmt::format("a datagram from {}", datagram.from.to_string())});
  recorder_->add(name_, Received{datagram.octets, carriage(datagram.from)});
}

Task<DatagramArrival> DatagramSocket::arrival(Deadline deadline) {
  while (true) {
    const int most_late = deadline.has_passed() ? most_queued() : FloodGuard::kLateReads;
    if (!guard_.may_read(deadline, most_late)) co_return too_late(pollable_.loop(), deadline);
    auto seen = arrived();
    if (seen && guard_.must_breathe())
      co_return co_await breathe(pollable_.loop(), std::move(*seen));
    if (seen) co_return std::move(*seen);
    guard_.paused();
    const bool ready = co_await pollable_.wait(Pollable::For::kReading, deadline.at());
    if (ready) continue;
    seen = arrived();  // what the kernel already had counts
    if (seen) co_return std::move(*seen);
    co_return too_late(pollable_.loop(), deadline);
  }
}

Task<DatagramDelivery> DatagramSocket::send(ByteView octets, Deadline deadline) {
  const bool to_peer = form_ == Form::kUnconnected;
  while (true) {
    const auto count =
        ::sendto(fd(), octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 to_peer ? peer_.data() : nullptr, to_peer ? peer_.size() : socklen_t{0});
    if (count >= 0) {
      learn_local();
      recorder_->add(name_, Sent{Bytes(octets), carriage(peer_)});
      co_return AllSent{};
    }
    if (errno == ECONNREFUSED) {
      recorder_->add(name_, Noted{"send failed with ECONNREFUSED (ICMP port unreachable)"});
      co_return PortUnreachable{};
    }
    if (errno != EAGAIN && errno != EINTR) co_return LocalTrouble{"sendto", errno};
    const bool ready = co_await pollable_.wait(Pollable::For::kWriting, deadline.at());
    if (ready) continue;
    if (deadline.spoilt(pollable_.loop()))
      co_return HarnessStalled{deadline.stalled(pollable_.loop())};
    co_return TimedOut{};
  }
}

bool DatagramSocket::is_late(const Datagram& datagram) {
  const auto allowed = again_.find(datagram.octets);
  if (allowed == again_.end() || allowed->second == 0) return false;
  --allowed->second;
  return true;
}

bool DatagramSocket::has_refusal() const {
  pollfd look{fd(), 0, 0};
  return ::poll(&look, 1, 0) > 0 && (look.revents & POLLERR) != 0;
}

void DatagramSocket::close() {
  if (!is_open()) return;
  recorder_->add(name_, Noted{"closed: no packet tells the peer"});
  pollable_.close();
}

std::variant<std::unique_ptr<DatagramSocket>, LocalTrouble> dial_datagrams(
    Loop& loop, Recorder& recorder, const DatagramDialOptions& options) {
  UniqueFd fd(::socket(options.to.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return LocalTrouble{"socket", errno};
  const auto& from = options.from;
  if (from && ::bind(fd.get(), from->data(), from->size()) != 0)
    return LocalTrouble{"bind " + from->to_string(), errno};
  if (options.connected && ::connect(fd.get(), options.to.data(), options.to.size()) != 0)
    return LocalTrouble{"connect to " + options.to.to_string(), errno};
  auto socket = std::make_unique<DatagramSocket>(
      loop, recorder, options.name, std::move(fd),
      options.connected ? DatagramSocket::Form::kConnected : DatagramSocket::Form::kUnconnected,
      options.to);
  recorder.add(options.name,
               Noted{fmt::format("UDP socket {}for {}: no packet is sent",
                                 options.connected ? "connected, " : "", options.to.to_string())});
  return socket;
}

}  // namespace dialtone
