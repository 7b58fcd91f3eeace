#include "harness/net/socket_table.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <utility>

namespace dialtone {
namespace {

/// The kernel answers within the call to sendto(2), so this limit is only for a broken sandbox.
constexpr timeval kReceiveLimit{.tv_sec = 2, .tv_usec = 0};

/// How often a dump that the table's changes spoilt, or a datagram that was cut, is asked for
/// again.
constexpr int kAttempts = 16;

}  // namespace

OsResult<SocketTable> SocketTable::open() {
  SocketTable table;
  // ENOENT to a dump can only mean that the kernel has no inet_diag; to a lookup it could as well
  // mean that there is no such connection.
  const auto probe = table.ask(
      {AF_INET, SocketAddress::any_ipv4(1), std::nullopt, states_of({TcpState::kListen})});
  if (!probe.ok()) return probe.error();
  return table;
}

OsResult<std::optional<SocketRow>> SocketTable::find(const SocketAddress& local,
                                                     const SocketAddress& peer) {
  if (local.is_unix() || peer.is_unix())
    return os_error("Unix sockets are not in the table of TCP sockets", EAFNOSUPPORT);
  const auto here = local.unmapped();
  const auto there = peer.unmapped();
  if (here.family() != there.family())
    return os_error("the two addresses are of different families", EAFNOSUPPORT);
  auto rows = ask({here.family(), here, there, ~TcpStates{0}});
  if (!rows.ok() && rows.error().code == ENOENT) return std::optional<SocketRow>();
  if (!rows.ok()) return rows.error();
  // Where there is no such connection the kernel answers with the listener that would get it.
  for (const auto& row : rows.value())
    if (row.state != TcpState::kListen && row.local == here && row.peer == there)
      return std::optional(row);
  return std::optional<SocketRow>();
}

OsResult<std::vector<SocketRow>> SocketTable::listeners(std::uint16_t port) {
  return dump(port, states_of({TcpState::kListen}));
}

OsResult<std::vector<SocketRow>> SocketTable::connections(std::uint16_t local_port,
                                                          TcpStates states) {
  return dump(local_port, states);
}

OsResult<std::vector<SocketRow>> SocketTable::dump(std::uint16_t port, TcpStates states) {
  const auto local = SocketAddress::any_ipv4(port);
  auto rows = ask({AF_INET, local, std::nullopt, states});
  if (!rows.ok()) return rows;
  // A dual-stack socket (":::port") takes IPv4 callers and stands only in the IPv6 table.
  const auto more = ask({AF_INET6, local, std::nullopt, states});
  if (!more.ok()) return more.error().code == ENOENT ? rows : more;  // ENOENT: no IPv6 here
  rows.value().insert(rows.value().end(), more.value().begin(), more.value().end());
  return rows;
}

OsResult<std::vector<SocketRow>> SocketTable::ask(const Query& query) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto sequence = ++sequence_;
    const auto request = query.peer ? inet_diag::encode_lookup(query.local, *query.peer, sequence)
                                    : inet_diag::encode_dump(query.family, query.local.port(),
                                                             query.states, sequence);
    inet_diag::Reply reply;
    const int error = exchange(request, sequence, reply);
    if (error != 0) netlink_.reset();  // a dump that is half read would answer the next request
    if (error == EMSGSIZE) continue;   // the buffer has grown
    if (error != 0) return os_error("cannot read the socket table (sock_diag)", error);
    if (reply.error != 0) return os_error("the socket table (sock_diag) refused", reply.error);
    if (!reply.interrupted) return std::move(reply.rows);
  }
  return os_error("the socket table (sock_diag) changes too fast to be read", EAGAIN);
}

int SocketTable::exchange(const std::string& request, std::uint32_t sequence,
                          inet_diag::Reply& reply) {
  if (!netlink_) {
    if (const int error = open_netlink(); error != 0) return error;
  }
  ssize_t sent = -1;
  do {
    sent = ::send(netlink_.get(), request.data(), request.size(), 0);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return errno;
  while (!reply.done) {
    if (const int error = receive(sequence, reply); error != 0) return error;
  }
  return 0;
}

int SocketTable::receive(std::uint32_t sequence, inet_diag::Reply& reply) {
  // MSG_TRUNC: the length that the datagram had, also where the buffer could not hold it.
  const auto length = ::recv(netlink_.get(), buffer_.data(), buffer_.size(), MSG_TRUNC);
  if (length < 0) return errno == EINTR ? 0 : errno;
  if (length == 0) return EPIPE;
  const auto size = static_cast<std::size_t>(length);
  if (size > buffer_.size()) {
    buffer_.resize(size * 2);
    return EMSGSIZE;
  }
  inet_diag::parse(std::string_view(buffer_).substr(0, size), sequence, reply);
  return 0;
}

int SocketTable::open_netlink() {
  netlink_.reset(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!netlink_) return errno;
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const auto* address = reinterpret_cast<const sockaddr*>(&kernel);
  // Connected to the kernel (port 0): datagrams of other processes are not taken for its answers.
  if (::connect(netlink_.get(), address, sizeof kernel) != 0) return errno;
  if (::setsockopt(netlink_.get(), SOL_SOCKET, SO_RCVTIMEO, &kReceiveLimit, sizeof kReceiveLimit) !=
      0)
    return errno;
  return 0;
}

}  // namespace dialtone
