#include "harness/net/resolve.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};

}  // namespace

std::variant<ResolvedAddress, std::string> resolve(const std::string& written) {
  if (const auto address = SocketAddress::parse(written)) return ResolvedAddress{{}, {*address}};
  const auto colon = written.rfind(':');
  const auto shown = printable(written);
  const bool is_unix = written.starts_with("unix:");
  const bool has_no_port =
      colon == std::string::npos || colon + 1 == written.size() || written.ends_with(']');
  if (is_unix || has_no_port || colon == 0) {
    return fmt::format("'{}' is no address: write host:port; {}", shown, kAddressHint);
  }
  // getaddrinfo would take 70000 for 4464.
  if (!parse_port(std::string_view(written).substr(colon + 1)))
    return fmt::format("'{}' does not resolve: its port is no number from 0 to 65535", shown);
  ResolvedAddress resolved{written.substr(0, colon), {}};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* first = nullptr;
  const int error =
      ::getaddrinfo(resolved.name.c_str(), written.substr(colon + 1).c_str(), &hints, &first);
  const std::unique_ptr<addrinfo, FreeAddresses> found(first);
  if (error != 0) return fmt::format("'{}' does not resolve: {}", shown, ::gai_strerror(error));
  for (const auto* entry = found.get(); entry != nullptr; entry = entry->ai_next) {
    const auto address = SocketAddress::from_sockaddr(entry->ai_addr, entry->ai_addrlen);
    if (address && std::ranges::find(resolved.addresses, *address) == resolved.addresses.end())
      resolved.addresses.push_back(*address);
  }
  const auto is_usable = [](const SocketAddress& address) { return !family_trouble(address); };
  if (std::ranges::any_of(resolved.addresses, is_usable))
    std::erase_if(resolved.addresses, std::not_fn(is_usable));
  if (resolved.addresses.empty()) return fmt::format("'{}' resolves to no IP address", shown);
  return resolved;
}

std::string show_choice(const ResolvedAddress& resolved) {
  if (resolved.addresses.size() < 2) return {};
  std::string all;
  for (const auto& address : resolved.addresses)
    all += (all.empty() ? "" : ", ") + address.to_string();
  return fmt::format("'{}' is {}", printable(resolved.name), all);
}

}  // namespace dialtone
