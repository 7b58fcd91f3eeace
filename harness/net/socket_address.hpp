#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace dialtone {

/// Where a socket is: an IP address (IPv4 or IPv6) and a TCP or UDP port, or a Unix socket's name.
/// What bind(2) and connect(2) take. Names are not resolved here. The default is 0.0.0.0:0.
class SocketAddress {
 public:
  SocketAddress() : SocketAddress(any_ipv4(0)) {}

  /// `host` in host byte order: 0x7f000001 is 127.0.0.1.
  static SocketAddress ipv4(std::uint32_t host, std::uint16_t port);
  static SocketAddress any_ipv4(std::uint16_t port) { return ipv4(INADDR_ANY, port); }
  static SocketAddress loopback_ipv4(std::uint16_t port) { return ipv4(INADDR_LOOPBACK, port); }

  /// `host` is dotted IPv4 ("127.0.0.1") or IPv6 without brackets ("::1", "fe80::1%eth0"); nullopt
  /// on a name, and where there is no such interface.
  static std::optional<SocketAddress> from_host(std::string_view host, std::uint16_t port);

  /// `name` is a path, or "@" and an abstract name (man 7 unix). nullopt where it is empty, longer
  /// than kLongestUnixName, or holds an octet of value 0.
  static std::optional<SocketAddress> unix_socket(std::string_view name);

  /// "127.0.0.1:7788", "[::1]:7788", "unix:/run/a.sock" or "unix:@abstract"; nullopt on anything
  /// else, a missing port included.
  static std::optional<SocketAddress> parse(std::string_view text);

  /// nullopt where the family is neither AF_INET nor AF_INET6 nor AF_UNIX, or `size` is too short
  /// for it.
  static std::optional<SocketAddress> from_sockaddr(const sockaddr* address, socklen_t size);

  /// getsockname(2) and getpeername(2); nullopt where they fail (not connected).
  static std::optional<SocketAddress> local_of(int fd);
  static std::optional<SocketAddress> peer_of(int fd);

  int family() const { return data()->sa_family; }
  bool is_ipv4() const { return std::holds_alternative<sockaddr_in>(storage_); }
  bool is_ipv6() const { return std::holds_alternative<sockaddr_in6>(storage_); }
  bool is_unix() const { return std::holds_alternative<UnixName>(storage_); }

  /// 0 for a Unix socket, which has none.
  std::uint16_t port() const;
  /// Itself where it is a Unix socket.
  SocketAddress with_port(std::uint16_t port) const;

  /// Whether the host is 0.0.0.0 or ::, that is every address of this machine.
  bool is_any() const;
  /// Whether it can only be on this machine: 127.0.0.0/8, ::1, a Unix socket.
  bool is_loopback() const;

  /// The IPv4 address in ::ffff:a.b.c.d, as a dual-stack socket shows an IPv4 peer; else itself.
  SocketAddress unmapped() const;

  /// "127.0.0.1", "::1", "fe80::1%eth0"; a Unix socket's path or "@name", empty where it has none.
  std::string host() const;
  /// "127.0.0.1:7788", "[::1]:7788", "unix:/run/a.sock", "unix:@abstract", "unix:" for a Unix
  /// socket without a name, as most clients have.
  std::string to_string() const;

  /// For bind(2), connect(2), sendto(2). Valid while this object lives.
  const sockaddr* data() const;
  socklen_t size() const;

  bool operator==(const SocketAddress& other) const { return (*this <=> other) == 0; }
  /// Some strict order, for maps: IPv4, then IPv6, then Unix; the host's octets, then the port.
  std::strong_ordering operator<=>(const SocketAddress& other) const;

  /// In octets, the "@" of an abstract name included: sun_path's 108 less the final NUL.
  static constexpr std::size_t kLongestUnixName = sizeof(sockaddr_un::sun_path) - 1;

 private:
  /// Abstract names end where `size` says, not at a NUL.
  struct UnixName {
    sockaddr_un address;
    socklen_t size;
  };

  explicit SocketAddress(const sockaddr_in& address) : storage_(address) {}
  explicit SocketAddress(const sockaddr_in6& address) : storage_(address) {}
  explicit SocketAddress(const UnixName& address) : storage_(address) {}

  /// What tells one host from another, apart from the port: the octets of the address or name.
  std::string_view host_octets() const;
  std::uint32_t scope() const;

  std::variant<sockaddr_in, sockaddr_in6, UnixName> storage_;
};

/// Decimal digits only, 0 to 65535: no sign, no space, no 0x.
std::optional<std::uint16_t> parse_port(std::string_view text);

/// How an address is written, for a message about one that is not.
inline constexpr std::string_view kAddressHint =
    "one looks like 127.0.0.1:7788, [::1]:7788 or unix:/run/server.sock (of at most 107 octets)";

/// Why this host itself cannot use such an address: "IPv6 is switched off on this host"; nullopt
/// where it can, or where that is not known. Opens a socket to find out.
std::optional<std::string> family_trouble(const SocketAddress& address);

/// Whether this host itself has the address: a bind to it works. Opens a socket to find out.
bool is_on_this_host(const SocketAddress& address);

/// Whether the address is for many hosts, so that TCP cannot connect to it: multicast, or a
/// broadcast address of one of this host's networks. Opens a socket to find out.
bool is_for_many(const SocketAddress& address);

}  // namespace dialtone
