#include "harness/net/socket_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>

namespace dialtone {
namespace {

/// Decimal digits only, 0 to 65535: no sign, no space, no 0x.
std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return port;
}

std::optional<SocketAddress> address_by(int (*get)(int, sockaddr*, socklen_t*), int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (get(fd, address, &size) != 0) return std::nullopt;
  return SocketAddress::from_sockaddr(address, size);
}

}  // namespace

SocketAddress SocketAddress::ipv4(std::uint32_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  address.sin_port = htons(port);
  return SocketAddress(address);
}

std::optional<SocketAddress> SocketAddress::from_host(std::string_view host, std::uint16_t port) {
  if (host.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton would stop there
  const std::string text(host);
  sockaddr_in v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return SocketAddress(v4);
  }
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  return SocketAddress(v6);
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto address = from_host(host, *port);
  if (address && address->is_ipv4() == bracketed) return std::nullopt;  // brackets mean IPv6
  return address;
}

std::optional<SocketAddress> SocketAddress::from_sockaddr(const sockaddr* address, socklen_t size) {
  if (size < sizeof address->sa_family) return std::nullopt;
  if (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return SocketAddress(v4);
  }
  if (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    return SocketAddress(v6);
  }
  return std::nullopt;
}

std::optional<SocketAddress> SocketAddress::local_of(int fd) { return address_by(getsockname, fd); }

std::optional<SocketAddress> SocketAddress::peer_of(int fd) { return address_by(getpeername, fd); }

std::uint16_t SocketAddress::port() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_)) return ntohs(v4->sin_port);
  return ntohs(std::get<sockaddr_in6>(storage_).sin6_port);
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const {
  auto copy = *this;
  if (auto* v4 = std::get_if<sockaddr_in>(&copy.storage_)) {
    v4->sin_port = htons(port);
  } else {
    std::get<sockaddr_in6>(copy.storage_).sin6_port = htons(port);
  }
  return copy;
}

bool SocketAddress::is_any() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_)) return v4->sin_addr.s_addr == 0;
  return IN6_IS_ADDR_UNSPECIFIED(&std::get<sockaddr_in6>(storage_).sin6_addr);
}

bool SocketAddress::is_loopback() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_))
    return (ntohl(v4->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
  return IN6_IS_ADDR_LOOPBACK(&std::get<sockaddr_in6>(storage_).sin6_addr);
}

SocketAddress SocketAddress::unmapped() const {
  const auto* v6 = std::get_if<sockaddr_in6>(&storage_);
  if (v6 == nullptr || !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) return *this;
  std::uint32_t host = 0;
  std::memcpy(&host, &v6->sin6_addr.s6_addr[12], sizeof host);
  return ipv4(ntohl(host), port());
}

std::string SocketAddress::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family(), host_data(), text.data(), text.size());
}

std::string SocketAddress::to_string() const {
  return is_ipv4() ? fmt::format("{}:{}", host(), port()) : fmt::format("[{}]:{}", host(), port());
}

const sockaddr* SocketAddress::data() const {
  return std::visit([](const auto& address) { return reinterpret_cast<const sockaddr*>(&address); },
                    storage_);
}

std::strong_ordering SocketAddress::operator<=>(const SocketAddress& other) const {
  if (const auto order = host_size() <=> other.host_size(); order != 0) return order;
  const int hosts = std::memcmp(host_data(), other.host_data(), host_size());
  if (hosts != 0) return hosts <=> 0;
  return port() <=> other.port();
}

const void* SocketAddress::host_data() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_)) return &v4->sin_addr;
  return &std::get<sockaddr_in6>(storage_).sin6_addr;
}

}  // namespace dialtone
