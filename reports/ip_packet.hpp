#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/model/bytes.hpp"

/// IPv4 and IPv6 packets with TCP or UDP in them, whole, with their checksums.
namespace dialtone::pcapng {

struct NetworkAddress {
  Bytes host;  ///< in network order: 4 octets of IPv4, or 16 of IPv6
  std::uint16_t port = 0;

  bool is_ipv4() const { return host.size() == 4; }
  /// 0.0.0.0 or [::].
  bool is_any() const;
  bool is_loopback() const;
};

/// Of "127.0.0.1:80" or "[fe80::1%eth0]:80", as events have it; an IPv4 address mapped into IPv6
/// is one of IPv4, as it is on the wire. nullopt on anything else.
std::optional<NetworkAddress> parse_network_address(std::string_view text);

// Flags of TCP (RFC 9293 section 3.1).
inline constexpr std::uint8_t kFin = 0x01;
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kRst = 0x04;
inline constexpr std::uint8_t kPsh = 0x08;
inline constexpr std::uint8_t kAck = 0x10;

struct TcpSegment {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;
  ByteView payload{};
};

/// Octets in one segment at the most, as its SYN announces.
std::size_t segment_limit(const NetworkAddress& address);
/// Octets in one datagram at the most.
std::size_t datagram_limit(const NetworkAddress& address);

/// Both addresses of one family. A SYN announces segment_limit() and the largest window.
Bytes tcp_packet(const NetworkAddress& from, const NetworkAddress& to, const TcpSegment& segment);
Bytes udp_packet(const NetworkAddress& from, const NetworkAddress& to, ByteView payload);

/// The Internet checksum (RFC 1071), in host order.
std::uint16_t internet_checksum(ByteView octets);

}  // namespace dialtone::pcapng
