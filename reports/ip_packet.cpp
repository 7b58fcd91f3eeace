#include "reports/ip_packet.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace dialtone::pcapng {
namespace {

constexpr std::uint8_t kTcp = 6;  // protocol numbers
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kHops = 64;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kEthernet = 1500;    // octets of a packet there, which is what people expect
constexpr std::size_t kMostInIp = 0xffff;  // what the length fields hold
constexpr std::uint16_t kWindow = 0xffff;  // times 2^14: never full
constexpr std::uint8_t kWindowScale = 14;  // RFC 7323 section 2.3
constexpr std::uint16_t kDoNotFragment = 0x4000;

void put8(Bytes& octets, std::size_t value) { octets += static_cast<char>(value & 0xffU); }
void put16(Bytes& octets, std::size_t value) {
  put8(octets, value >> 8U);
  put8(octets, value);
}
void put32(Bytes& octets, std::size_t value) {
  put16(octets, value >> 16U);
  put16(octets, value);
}
void set16(Bytes& octets, std::size_t at, std::uint16_t value) {
  octets[at] = static_cast<char>(value >> 8U);
  octets[at + 1] = static_cast<char>(value & 0xffU);
}

/// What the checksum of TCP and UDP covers beside them (RFC 9293 section 3.1, RFC 8200
/// section 8.1).
Bytes pseudo_header(const NetworkAddress& from, const NetworkAddress& to, std::uint8_t protocol,
                    std::size_t length) {
  Bytes header = from.host + to.host;
  if (from.is_ipv4()) {
    put16(header, protocol);
    put16(header, length);
  } else {
    put32(header, length);
    put32(header, protocol);
  }
  return header;
}

Bytes ip_packet(const NetworkAddress& from, const NetworkAddress& to, std::uint8_t protocol,
                const Bytes& content) {
  Bytes packet;
  if (from.is_ipv4()) {
    put16(packet, 0x4500);  // version 4, a header of 5 words
    put16(packet, kIpv4Header + content.size());
    put16(packet, 0);
    put16(packet, kDoNotFragment);
    put8(packet, kHops);
    put8(packet, protocol);
    put16(packet, 0);
    packet += from.host + to.host;
    set16(packet, 10, internet_checksum(packet));
  } else {
    put32(packet, 0x60000000);  // version 6
    put16(packet, content.size());
    put8(packet, protocol);
    put8(packet, kHops);
    packet += from.host + to.host;
  }
  return packet + content;
}

/// `content` with its checksum filled in, in its packet.
Bytes summed(const NetworkAddress& from, const NetworkAddress& to, std::uint8_t protocol,
             std::size_t checksum_at, Bytes content) {
  const auto sum = internet_checksum(pseudo_header(from, to, protocol, content.size()) + content);
  const bool means_none = protocol == kUdp && sum == 0;  // RFC 768
  set16(content, checksum_at, means_none ? 0xffff : sum);
  return ip_packet(from, to, protocol, content);
}

Bytes syn_options(const NetworkAddress& from) {
  Bytes options;
  put16(options, 0x0204);  // maximum segment size, 4 octets
  put16(options, segment_limit(from));
  put32(options, 0x01030300U + kWindowScale);  // no operation, then window scale, 3 octets
  return options;
}

std::optional<Bytes> parse_host(std::string text) {
  if (const auto zone = text.find('%'); zone != std::string::npos) text.resize(zone);
  std::array<char, sizeof(in6_addr)> octets{};
  if (::inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return Bytes(octets.data(), 4);
  if (::inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return std::nullopt;
  const Bytes host(octets.data(), octets.size());
  const Bytes mapped = Bytes(10, '\0') + Bytes(2, '\xff');
  return host.starts_with(mapped) ? host.substr(mapped.size()) : host;
}

}  // namespace

bool NetworkAddress::is_any() const {
  return std::ranges::all_of(host, [](char octet) { return octet == '\0'; });
}

bool NetworkAddress::is_loopback() const {
  if (is_ipv4()) return host[0] == 127;
  return host == Bytes(15, '\0') + '\x01';
}

std::optional<NetworkAddress> parse_network_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (!in_brackets && host.find(':') != std::string_view::npos) return std::nullopt;
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (host.find('\0') != std::string_view::npos) return std::nullopt;
  const auto port = text.substr(colon + 1);
  NetworkAddress address;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size()) return std::nullopt;
  auto octets = parse_host(std::string(host));
  if (!octets) return std::nullopt;
  address.host = std::move(*octets);
  return address;
}

std::size_t segment_limit(const NetworkAddress& address) {
  return kEthernet - kTcpHeader - (address.is_ipv4() ? kIpv4Header : kIpv6Header);
}

std::size_t datagram_limit(const NetworkAddress& address) {
  return kMostInIp - kUdpHeader - (address.is_ipv4() ? kIpv4Header : 0);
}

Bytes tcp_packet(const NetworkAddress& from, const NetworkAddress& to, const TcpSegment& segment) {
  const auto options = (segment.flags & kSyn) != 0 ? syn_options(from) : Bytes();
  Bytes content;
  put16(content, from.port);
  put16(content, to.port);
  put32(content, segment.sequence);
  put32(content, segment.acknowledgement);
  put8(content, (kTcpHeader + options.size()) / 4 << 4U);
  put8(content, segment.flags);
  put16(content, kWindow);
  put32(content, 0);  // checksum, urgent pointer
  content += options;
  content += segment.payload;
  return summed(from, to, kTcp, 16, std::move(content));
}

Bytes udp_packet(const NetworkAddress& from, const NetworkAddress& to, ByteView payload) {
  Bytes content;
  put16(content, from.port);
  put16(content, to.port);
  put16(content, kUdpHeader + payload.size());
  put16(content, 0);
  content += payload;
  return summed(from, to, kUdp, 6, std::move(content));
}

std::uint16_t internet_checksum(ByteView octets) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    const std::uint64_t octet = static_cast<unsigned char>(octets[at]);
    sum += at % 2 == 0 ? octet << 8U : octet;
  }
  while ((sum >> 16U) != 0) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum & 0xffffU);
}

}  // namespace dialtone::pcapng
