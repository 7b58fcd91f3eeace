#include "harness/net/icmp_error.hpp"

#include <fmt/format.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string_view>

namespace dialtone {
namespace {

struct Meaning {
  int type;
  int code;
  std::string_view text;
};

// RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1
constexpr std::array kMeanings{
    Meaning{ICMP_DEST_UNREACH, ICMP_NET_UNREACH, "net unreachable"},
    Meaning{ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, "host unreachable"},
    Meaning{ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, "protocol unreachable"},
    Meaning{ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, "port unreachable"},
    Meaning{ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, "fragmentation needed"},
    Meaning{ICMP_DEST_UNREACH, ICMP_SR_FAILED, "source route failed"},
    Meaning{ICMP_DEST_UNREACH, ICMP_NET_UNKNOWN, "net unknown"},
    Meaning{ICMP_DEST_UNREACH, ICMP_HOST_UNKNOWN, "host unknown"},
    Meaning{ICMP_DEST_UNREACH, ICMP_HOST_ISOLATED, "host isolated"},
    Meaning{ICMP_DEST_UNREACH, ICMP_NET_ANO, "net administratively prohibited"},
    Meaning{ICMP_DEST_UNREACH, ICMP_HOST_ANO, "host administratively prohibited"},
    Meaning{ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, "administratively prohibited"},
    Meaning{ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, "time to live exceeded"}};

// RFC 4443 section 3
constexpr std::array kMeaningsV6{
    Meaning{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOROUTE, "no route"},
    Meaning{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, "administratively prohibited"},
    Meaning{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_BEYONDSCOPE, "beyond scope of source address"},
    Meaning{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADDR, "address unreachable"},
    Meaning{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOPORT, "port unreachable"},
    Meaning{ICMP6_DST_UNREACH, 5, "source address failed policy"},
    Meaning{ICMP6_DST_UNREACH, 6, "reject route"},
    Meaning{ICMP6_TIME_EXCEEDED, ICMP6_TIME_EXCEED_TRANSIT, "hop limit exceeded"}};

std::string meaning_of(const IcmpError& error, std::span<const Meaning> meanings) {
  const auto found = std::ranges::find_if(meanings, [&](const Meaning& meaning) {
    return meaning.type == error.type && meaning.code == error.code;
  });
  return found == meanings.end() ? fmt::format("type {} code {}", error.type, error.code)
                                 : std::string(found->text);
}

std::optional<IcmpError> read_error(const cmsghdr& header) {
  const bool is_ipv4 = header.cmsg_level == SOL_IP && header.cmsg_type == IP_RECVERR;
  const bool is_ipv6 = header.cmsg_level == SOL_IPV6 && header.cmsg_type == IPV6_RECVERR;
  const auto size = header.cmsg_len - CMSG_LEN(0);
  sock_extended_err error{};
  if ((!is_ipv4 && !is_ipv6) || size < sizeof error) return std::nullopt;
  std::memcpy(&error, CMSG_DATA(&header), sizeof error);
  if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6)
    return std::nullopt;
  sockaddr_storage offender{};  // follows the error (SO_EE_OFFENDER)
  const auto rest = std::min(size - sizeof error, sizeof offender);
  std::memcpy(&offender, CMSG_DATA(&header) + sizeof error, rest);
  const auto from = SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&offender),
                                                 static_cast<socklen_t>(rest));
  return IcmpError{error.ee_origin == SO_EE_ORIGIN_ICMP6, error.ee_type, error.ee_code,
                   static_cast<int>(error.ee_errno), from.value_or(SocketAddress()).with_port(0)};
}

}  // namespace

void keep_icmp_errors(int fd, int family, bool on) {
  const int value = on ? 1 : 0;
  if (family == AF_INET) ::setsockopt(fd, SOL_IP, IP_RECVERR, &value, sizeof value);
  if (family == AF_INET6) ::setsockopt(fd, SOL_IPV6, IPV6_RECVERR, &value, sizeof value);
}

std::optional<IcmpError> take_icmp_error(int fd) {
  alignas(cmsghdr) std::array<char, 512> control{};
  msghdr message{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
  for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (auto error = read_error(*header)) return error;
  }
  return std::nullopt;
}

std::string describe(const IcmpError& error) {
  return fmt::format("{} {} from {}", error.is_v6 ? "ICMPv6" : "ICMP",
                     error.is_v6 ? meaning_of(error, kMeaningsV6) : meaning_of(error, kMeanings),
                     is_on_this_host(error.from) ? "this host itself" : error.from.host());
}

}  // namespace dialtone
