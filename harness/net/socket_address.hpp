#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace dialtone {

/// An IP address (IPv4 or IPv6) and a TCP or UDP port: what bind(2) and connect(2) take.
/// Names are not resolved here. The default is 0.0.0.0:0.
class SocketAddress {
 public:
  SocketAddress() : SocketAddress(any_ipv4(0)) {}

  /// `host` in host byte order: 0x7f000001 is 127.0.0.1.
  static SocketAddress ipv4(std::uint32_t host, std::uint16_t port);
  static SocketAddress any_ipv4(std::uint16_t port) { return ipv4(INADDR_ANY, port); }
  static SocketAddress loopback_ipv4(std::uint16_t port) { return ipv4(INADDR_LOOPBACK, port); }

  /// `host` is dotted IPv4 ("127.0.0.1") or IPv6 without brackets ("::1"); nullopt on a name.
  static std::optional<SocketAddress> from_host(std::string_view host, std::uint16_t port);

  /// "127.0.0.1:7788" or "[::1]:7788"; nullopt on anything else, a missing port included.
  static std::optional<SocketAddress> parse(std::string_view text);

  /// nullopt where the family is neither AF_INET nor AF_INET6, or `size` is too short for it.
  static std::optional<SocketAddress> from_sockaddr(const sockaddr* address, socklen_t size);

  /// getsockname(2) and getpeername(2); nullopt where they fail (not connected, not an IP socket).
  static std::optional<SocketAddress> local_of(int fd);
  static std::optional<SocketAddress> peer_of(int fd);

  int family() const { return is_ipv4() ? AF_INET : AF_INET6; }
  bool is_ipv4() const { return std::holds_alternative<sockaddr_in>(storage_); }
  std::uint16_t port() const;
  SocketAddress with_port(std::uint16_t port) const;

  /// Whether the host is 0.0.0.0 or ::, that is every address of this machine.
  bool is_any() const;
  /// Whether the host is in 127.0.0.0/8 or is ::1.
  bool is_loopback() const;

  /// The IPv4 address in ::ffff:a.b.c.d, as a dual-stack socket shows an IPv4 peer; else itself.
  SocketAddress unmapped() const;

  /// "127.0.0.1", "::1"
  std::string host() const;
  /// "127.0.0.1:7788", "[::1]:7788"
  std::string to_string() const;

  /// For bind(2), connect(2), sendto(2). Valid while this object lives.
  const sockaddr* data() const;
  socklen_t size() const { return is_ipv4() ? sizeof(sockaddr_in) : sizeof(sockaddr_in6); }

  bool operator==(const SocketAddress& other) const { return (*this <=> other) == 0; }
  /// Some strict order, for maps: IPv4 first, then the host's octets, then the port.
  std::strong_ordering operator<=>(const SocketAddress& other) const;

 private:
  explicit SocketAddress(const sockaddr_in& address) : storage_(address) {}
  explicit SocketAddress(const sockaddr_in6& address) : storage_(address) {}

  const void* host_data() const;
  std::size_t host_size() const { return is_ipv4() ? 4 : 16; }

  std::variant<sockaddr_in, sockaddr_in6> storage_;
};

}  // namespace dialtone
