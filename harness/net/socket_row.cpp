#include "harness/net/socket_row.hpp"

#include <algorithm>
#include <array>

namespace dialtone {
namespace {

/// In the order of the enumerators; the first is 1.
constexpr std::array<std::string_view, 12> kNames = {
    "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
    "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING",   "NEW_SYN_RECV"};

}  // namespace

std::string_view name_of(SocketTimer timer) {
  switch (timer) {
    case SocketTimer::kOff: return "off";
    case SocketTimer::kRetransmit: return "retransmit";
    case SocketTimer::kKeepalive: return "keepalive";
    case SocketTimer::kTimeWait: return "time_wait";
    case SocketTimer::kProbe: return "probe";
  }
  return "";
}

std::string_view name_of(TcpState state) { return kNames.at(static_cast<std::size_t>(state) - 1); }

std::optional<TcpState> find_tcp_state(std::string_view name) {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<TcpState>(found - kNames.begin() + 1);
}

bool takes(const SocketRow& listener, const SocketAddress& address) {
  if (listener.local.port() != address.port()) return false;
  if (listener.local == address) return true;
  if (!listener.local.is_any()) return false;
  return listener.local.family() == address.family() || (address.is_ipv4() && !listener.only_ipv6);
}

}  // namespace dialtone
