#include "harness/net/inet_diag.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace dialtone::inet_diag {
namespace {

struct Request {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

Request make_request(int family, std::uint32_t sequence) {
  Request request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.header.nlmsg_seq = sequence;
  request.body.sdiag_family = static_cast<std::uint8_t>(family);
  request.body.sdiag_protocol = IPPROTO_TCP;
  std::fill_n(request.body.id.idiag_cookie, 2, INET_DIAG_NOCOOKIE);
  return request;
}

std::string octets_of(const Request& request) {
  std::string octets(sizeof request, '\0');
  std::memcpy(octets.data(), &request, sizeof request);
  return octets;
}

/// Copies the host's octets (network order) to `to` and returns the port in network order.
std::uint16_t put_address(const SocketAddress& address, std::uint32_t (&to)[4]) {
  if (address.is_ipv4()) {
    std::memcpy(to, &reinterpret_cast<const sockaddr_in*>(address.data())->sin_addr, 4);
  } else {
    std::memcpy(to, &reinterpret_cast<const sockaddr_in6*>(address.data())->sin6_addr, 16);
  }
  return htons(address.port());
}

/// The interface of a link-local address (RFC 4007), which means nothing without it; else 0.
std::uint32_t scope_of(const SocketAddress& address) {
  if (!address.is_ipv6()) return 0;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.data());
  return IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) ? v6->sin6_scope_id : 0;
}

/// `interface` is the one that the socket is bound to, as every socket at a link-local address is.
SocketAddress get_address(int family, const std::uint32_t (&from)[4], std::uint16_t port,
                          std::uint32_t interface) {
  if (family == AF_INET) return SocketAddress::ipv4(ntohl(from[0]), ntohs(port));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = port;
  std::memcpy(&address.sin6_addr, from, 16);
  if (IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr)) address.sin6_scope_id = interface;
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return SocketAddress::from_sockaddr(generic, sizeof address)->unmapped();
}

/// `text`'s first octets as a T; nullopt where it is too short. A copy, so alignment is no matter.
template <class T>
std::optional<T> read_as(std::string_view text) {
  if (text.size() < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, text.data(), sizeof value);
  return value;
}

bool is_known(std::uint8_t state) {
  return state >= static_cast<std::uint8_t>(TcpState::kEstablished) &&
         state <= static_cast<std::uint8_t>(TcpState::kNewSynRecv);
}

SocketTimer timer_of(std::uint8_t number) {
  const bool is_known = number <= static_cast<std::uint8_t>(SocketTimer::kProbe);
  return is_known ? static_cast<SocketTimer>(number) : SocketTimer::kOff;
}

SocketRow row_of(const inet_diag_msg& message) {
  const int family = message.idiag_family;
  const auto& id = message.id;
  return {.local = get_address(family, id.idiag_src, id.idiag_sport, id.idiag_if),
          .peer = get_address(family, id.idiag_dst, id.idiag_dport, id.idiag_if),
          .state = static_cast<TcpState>(message.idiag_state),
          .receive_queue = message.idiag_rqueue,
          .send_queue = message.idiag_wqueue,
          .inode = message.idiag_inode,
          .uid = message.idiag_uid,
          .timer = timer_of(message.idiag_timer)};
}

/// INET_DIAG_SKV6ONLY, which the kernel adds for every listening IPv6 socket.
bool is_only_ipv6(std::string_view attributes) {
  while (true) {
    const auto header = read_as<rtattr>(attributes);
    if (!header || header->rta_len < sizeof *header || header->rta_len > attributes.size())
      return false;
    const auto value = attributes.substr(RTA_LENGTH(0), header->rta_len - RTA_LENGTH(0));
    if (header->rta_type == INET_DIAG_SKV6ONLY) return !value.empty() && value.front() != 0;
    attributes.remove_prefix(std::min<std::size_t>(RTA_ALIGN(header->rta_len), attributes.size()));
  }
}

void parse_row(std::string_view payload, Reply& reply) {
  const auto message = read_as<inet_diag_msg>(payload);
  if (!message) {
    reply.error = EBADMSG;
    return;
  }
  const bool is_ip = message->idiag_family == AF_INET || message->idiag_family == AF_INET6;
  if (!is_ip || !is_known(message->idiag_state)) return;
  auto row = row_of(*message);
  row.only_ipv6 = row.state == TcpState::kListen && message->idiag_family == AF_INET6 &&
                  is_only_ipv6(payload.substr(NLMSG_ALIGN(sizeof *message)));
  reply.rows.push_back(row);
}

/// NLMSG_ERROR and NLMSG_DONE both begin with a negative errno, or 0.
void parse_end(std::string_view payload, Reply& reply) {
  const auto code = read_as<int>(payload);
  reply.done = true;
  if (code && *code < 0) reply.error = -*code;
}

void parse_message(const nlmsghdr& header, std::string_view payload, Reply& reply) {
  if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) reply.interrupted = true;
  if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
    parse_end(payload, reply);
  } else if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
    parse_row(payload, reply);
    if ((header.nlmsg_flags & NLM_F_MULTI) == 0) reply.done = true;  // a lookup has one message
  }
}

}  // namespace

std::string encode_lookup(const SocketAddress& local, const SocketAddress& peer,
                          std::uint32_t sequence) {
  auto request = make_request(local.family(), sequence);
  auto& id = request.body.id;
  id.idiag_sport = put_address(local, id.idiag_src);
  id.idiag_dport = put_address(peer, id.idiag_dst);
  const auto scope = scope_of(local);
  id.idiag_if = scope != 0 ? scope : scope_of(peer);
  request.body.idiag_states = ~0U;
  return octets_of(request);
}

std::string encode_dump(int family, std::uint16_t local_port, TcpStates states,
                        std::uint32_t sequence) {
  auto request = make_request(family, sequence);
  request.header.nlmsg_flags |= NLM_F_DUMP;
  request.body.id.idiag_sport = htons(local_port);
  request.body.idiag_states = states;
  return octets_of(request);
}

void parse(std::string_view datagram, std::uint32_t sequence, Reply& reply) {
  while (!datagram.empty()) {
    const auto header = read_as<nlmsghdr>(datagram);
    if (!header || header->nlmsg_len < sizeof *header || header->nlmsg_len > datagram.size()) {
      reply.error = EBADMSG;
      reply.done = true;
      return;
    }
    const auto message = datagram.substr(0, header->nlmsg_len);
    if (header->nlmsg_seq == sequence) parse_message(*header, message.substr(NLMSG_HDRLEN), reply);
    datagram.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(header->nlmsg_len), datagram.size()));
  }
}

}  // namespace dialtone::inet_diag
