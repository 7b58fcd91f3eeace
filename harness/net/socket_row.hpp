#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "harness/net/socket_address.hpp"

namespace dialtone {

/// The kernel's TCP states under its names and numbers (include/net/tcp_states.h).
/// The kernel shows what it keeps as NEW_SYN_RECV under the name of SYN_RECV.
enum class TcpState : std::uint8_t {
  kEstablished = 1,
  kSynSent,
  kSynRecv,
  kFinWait1,
  kFinWait2,
  kTimeWait,
  kClose,
  kCloseWait,
  kLastAck,
  kListen,
  kClosing,
  kNewSynRecv,
};

/// "ESTABLISHED", "SYN_SENT", ... "NEW_SYN_RECV".
std::string_view name_of(TcpState state);

/// The state of this exact name; nullopt where there is none.
std::optional<TcpState> find_tcp_state(std::string_view name);

/// Some of the states, one bit for each.
using TcpStates = std::uint32_t;

constexpr TcpStates states_of(std::initializer_list<TcpState> states) {
  TcpStates mask = 0;
  for (const auto state : states) mask |= 1U << static_cast<unsigned>(state);
  return mask;
}

/// Every state of a connection: all but LISTEN and CLOSE.
inline constexpr TcpStates kConnectionStates =
    states_of({TcpState::kEstablished, TcpState::kSynSent, TcpState::kSynRecv, TcpState::kFinWait1,
               TcpState::kFinWait2, TcpState::kTimeWait, TcpState::kCloseWait, TcpState::kLastAck,
               TcpState::kClosing});

/// Which timer of a socket runs (idiag_timer of <linux/inet_diag.h>, `ss -o`).
enum class SocketTimer : std::uint8_t {
  kOff,
  kRetransmit,  ///< what was sent waits for its acknowledgement
  kKeepalive,   ///< SO_KEEPALIVE; of a socket that was closed: FIN_WAIT2's end
  kTimeWait,
  kProbe,  ///< the peer's window is closed
};

/// "off", "retransmit", "keepalive", "time_wait", "probe".
std::string_view name_of(SocketTimer timer);

/// One TCP socket as the kernel shows it. IPv4 in IPv6 (::ffff:a.b.c.d) is shown as IPv4.
struct SocketRow {
  SocketAddress local;
  SocketAddress peer;  ///< all zeros for a listener
  TcpState state = TcpState::kClose;

  /// Octets received and not read by the program; a FIN that was not read yet counts as one.
  /// LISTEN: connections that wait for accept.
  std::uint32_t receive_queue = 0;

  /// Octets that the peer has not acknowledged, its own SYN or FIN counted as one.
  /// LISTEN: the backlog that listen(2) was given, as the kernel cut it.
  std::uint32_t send_queue = 0;

  /// The N of `socket:[N]` in /proc/PID/fd. 0: no process holds it, because it was not accepted
  /// yet, was closed already, or is in TIME_WAIT.
  std::uint64_t inode = 0;
  std::uint32_t uid = 0;

  /// LISTEN on IPv6: IPV6_V6ONLY is set, so that the socket on :: takes no IPv4 caller.
  bool only_ipv6 = false;
  /// The one that ends first: an idle connection shows its keepalive timer, one that waits for an
  /// acknowledgement does not.
  SocketTimer timer = SocketTimer::kOff;
};

/// Whether the listening socket takes callers of this address: it is bound to it, or to every
/// address of its family, and :: to those of IPv4 too unless it is for IPv6 only (man 7 ipv6).
bool takes(const SocketRow& listener, const SocketAddress& address);

}  // namespace dialtone
