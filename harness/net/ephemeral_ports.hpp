#pragma once

#include <cstdint>

namespace dialtone {

/// Whether the kernel may choose this port by itself (ip_local_port_range of this network
/// namespace).
bool is_ephemeral(std::uint16_t port);

}  // namespace dialtone
