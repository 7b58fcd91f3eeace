#include "harness/net/udp_table.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "harness/net/proc_text.hpp"

namespace dialtone {
namespace {

// "sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ..."
constexpr std::size_t kLocal = 1;
constexpr std::size_t kInode = 9;
constexpr std::size_t kWords = 10;
constexpr std::size_t kWordDigits = 8;  // an address is written in words, each in the host's order

/// "0100007F:1E6C" is 127.0.0.1:7788 on a little-endian machine.
std::optional<SocketAddress> address_in(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1), 16);
  const auto digits = text.substr(0, colon);
  std::array<std::uint32_t, 4> words{};
  const auto count = digits.size() / kWordDigits;
  if (!port || digits.size() % kWordDigits != 0 || (count != 1 && count != 4)) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = parse_number<std::uint32_t>(digits.substr(i * kWordDigits, kWordDigits), 16);
    if (!word) return std::nullopt;
    words[i] = *word;
  }
  if (count == 1) return SocketAddress::ipv4(ntohl(words[0]), *port);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(*port);
  std::memcpy(&address.sin6_addr, words.data(), sizeof address.sin6_addr);
  return SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

std::optional<UdpSocket> socket_in(std::string_view line) {
  std::array<std::string_view, kWords> words;
  for (auto& word : words) word = take_word(line);
  const auto local = address_in(words[kLocal]);
  const auto inode = parse_number<std::uint64_t>(words[kInode], 10);
  if (!local || !inode) return std::nullopt;
  return UdpSocket{*local, *inode};
}

}  // namespace

std::vector<UdpSocket> udp_sockets_in(std::string_view table) {
  std::vector<UdpSocket> sockets;
  while (!table.empty()) {
    const auto line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(line.size() + 1, table.size()));
    const auto socket = socket_in(line);
    if (socket) sockets.push_back(*socket);
  }
  return sockets;
}

std::vector<UdpSocket> udp_sockets(std::uint16_t port) {
  std::vector<UdpSocket> all;
  for (const auto* path : {"/proc/net/udp", "/proc/net/udp6"}) {
    std::ifstream file(path);
    for (const auto& socket :
         udp_sockets_in(std::string(std::istreambuf_iterator<char>(file), {}))) {
      if (socket.local.port() == port) all.push_back(socket);
    }
  }
  return all;
}

bool is_at(const UdpSocket& socket, const SocketAddress& address) {
  if (socket.local.port() != address.port()) return false;
  if (socket.local.unmapped() == address.unmapped()) return true;
  return socket.local.is_any() && (socket.local.is_ipv6() || address.is_ipv4());
}

}  // namespace dialtone
