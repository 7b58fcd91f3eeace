#include "harness/net/socket_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>

#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr socklen_t kNameAt = offsetof(sockaddr_un, sun_path);

std::optional<SocketAddress> address_by(int (*get)(int, sockaddr*, socklen_t*), int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (get(fd, address, &size) != 0) return std::nullopt;
  return SocketAddress::from_sockaddr(address, size);
}

}  // namespace

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return port;
}

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
  const auto percent = std::min(text.find('%'), text.size());
  if (inet_pton(AF_INET6, text.substr(0, percent).c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  if (percent < text.size()) {
    v6.sin6_scope_id = ::if_nametoindex(text.c_str() + percent + 1);
    if (v6.sin6_scope_id == 0) return std::nullopt;
  }
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  return SocketAddress(v6);
}

std::optional<SocketAddress> SocketAddress::unix_socket(std::string_view name) {
  if (name.empty() || name == "@" || name.size() > kLongestUnixName ||
      name.find('\0') != std::string_view::npos)
    return std::nullopt;
  UnixName named{};
  named.address.sun_family = AF_UNIX;
  std::ranges::copy(name, std::begin(named.address.sun_path));
  named.size = kNameAt + static_cast<socklen_t>(name.size());
  if (name.front() == '@') {
    named.address.sun_path[0] = '\0';
  } else {
    ++named.size;  // a path's final NUL counts
  }
  return SocketAddress(named);
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  if (text.starts_with(kUnix)) return unix_socket(text.substr(kUnix.size()));
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
  if (address->sa_family == AF_UNIX && size >= kNameAt && size <= sizeof(sockaddr_un)) {
    UnixName named{{}, size};
    std::memcpy(&named.address, address, size);
    return SocketAddress(named);
  }
  return std::nullopt;
}

std::optional<SocketAddress> SocketAddress::local_of(int fd) { return address_by(getsockname, fd); }

std::optional<SocketAddress> SocketAddress::peer_of(int fd) { return address_by(getpeername, fd); }

std::uint16_t SocketAddress::port() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_)) return ntohs(v4->sin_port);
  if (const auto* v6 = std::get_if<sockaddr_in6>(&storage_)) return ntohs(v6->sin6_port);
  return 0;
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const {
  auto copy = *this;
  if (auto* v4 = std::get_if<sockaddr_in>(&copy.storage_)) v4->sin_port = htons(port);
  if (auto* v6 = std::get_if<sockaddr_in6>(&copy.storage_)) v6->sin6_port = htons(port);
  return copy;
}

bool SocketAddress::is_any() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_)) return v4->sin_addr.s_addr == 0;
  const auto* v6 = std::get_if<sockaddr_in6>(&storage_);
  return v6 != nullptr && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr);
}

bool SocketAddress::is_loopback() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_))
    return (ntohl(v4->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
  const auto* v6 = std::get_if<sockaddr_in6>(&storage_);
  return v6 == nullptr || IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

SocketAddress SocketAddress::unmapped() const {
  const auto* v6 = std::get_if<sockaddr_in6>(&storage_);
  if (v6 == nullptr || !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) return *this;
  std::uint32_t host = 0;
  std::memcpy(&host, &v6->sin6_addr.s6_addr[12], sizeof host);
  return ipv4(ntohl(host), port());
}

std::string SocketAddress::host() const {
  if (is_unix()) {
    std::string name(host_octets());
    if (!name.empty() && name.front() == '\0') name.front() = '@';
    return name;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  std::string host = inet_ntop(family(), host_octets().data(), text.data(), text.size());
  std::array<char, IF_NAMESIZE> interface {};
  if (scope() != 0 && ::if_indextoname(scope(), interface.data()) != nullptr)
    host.append("%").append(interface.data());
  return host;
}

std::string SocketAddress::to_string() const {
  if (is_unix()) return fmt::format("{}{}", kUnix, host());
  return is_ipv4() ? fmt::format("{}:{}", host(), port()) : fmt::format("[{}]:{}", host(), port());
}

const sockaddr* SocketAddress::data() const {
  return std::visit([](const auto& address) { return reinterpret_cast<const sockaddr*>(&address); },
                    storage_);
}

socklen_t SocketAddress::size() const {
  if (const auto* named = std::get_if<UnixName>(&storage_)) return named->size;
  return is_ipv4() ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

std::strong_ordering SocketAddress::operator<=>(const SocketAddress& other) const {
  if (const auto order = storage_.index() <=> other.storage_.index(); order != 0) return order;
  if (const auto order = host_octets() <=> other.host_octets(); order != 0) return order;
  if (const auto order = scope() <=> other.scope(); order != 0) return order;
  return port() <=> other.port();
}

std::string_view SocketAddress::host_octets() const {
  if (const auto* v4 = std::get_if<sockaddr_in>(&storage_))
    return {reinterpret_cast<const char*>(&v4->sin_addr), sizeof v4->sin_addr};
  if (const auto* v6 = std::get_if<sockaddr_in6>(&storage_))
    return {reinterpret_cast<const char*>(&v6->sin6_addr), sizeof v6->sin6_addr};
  const auto& named = std::get<UnixName>(storage_);
  const std::string_view name(named.address.sun_path, named.size - kNameAt);
  const bool is_path = !name.empty() && name.front() != '\0';
  return is_path ? name.substr(0, name.find('\0')) : name;
}

std::uint32_t SocketAddress::scope() const {
  const auto* v6 = std::get_if<sockaddr_in6>(&storage_);
  return v6 == nullptr ? 0 : v6->sin6_scope_id;
}

std::optional<std::string> family_trouble(const SocketAddress& address) {
  if (!address.is_ipv6()) return std::nullopt;
  const UniqueFd fd(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd && errno != EAFNOSUPPORT) return std::nullopt;
  sockaddr_in6 loopback{};
  loopback.sin6_family = AF_INET6;
  loopback.sin6_addr = in6addr_loopback;
  const auto* any_port = reinterpret_cast<const sockaddr*>(&loopback);
  if (fd && (::bind(fd.get(), any_port, sizeof loopback) == 0 || errno != EADDRNOTAVAIL))
    return std::nullopt;
  return "IPv6 is switched off on this host";
}

bool is_on_this_host(const SocketAddress& address) {
  if (address.is_loopback()) return true;
  const UniqueFd fd(::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto any_port = address.with_port(0);
  return fd && !address.is_any() && ::bind(fd.get(), any_port.data(), any_port.size()) == 0;
}

bool is_for_many(const SocketAddress& address) {
  if (address.is_ipv6()) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.data());
    return IN6_IS_ADDR_MULTICAST(&v6->sin6_addr);
  }
  if (!address.is_ipv4()) return false;
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.data());
  if (IN_MULTICAST(ntohl(v4->sin_addr.s_addr))) return true;
  // Without SO_BROADCAST a datagram socket must not connect to one (man 7 ip). Nothing is sent.
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return fd && ::connect(fd.get(), address.data(), address.size()) != 0 && errno == EACCES;
}

}  // namespace dialtone
