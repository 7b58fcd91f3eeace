#pragma once

#include <cstdint>

#include "harness/net/loop.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {

/// Frees a local port of the TIME_WAIT entries that a server left when it closed first, and of
/// those in FIN_WAIT2 that no program holds: a server without SO_REUSEADDR could not bind it again
/// for 60 s (KRN-14). The old client's address connects once more; the entry answers with an ACK
/// that its socket did not expect, our kernel answers that with RST, and the entry is gone (RFC
/// 1337, "TIME-WAIT assassination"; sysctl tcp_rfc1337 forbids it, and then this does nothing).
/// Only for ports of servers that the harness launched itself.
Task<> clear_time_wait(Loop& loop, SocketTable& table, std::uint16_t port);

}  // namespace dialtone
