#pragma once

#include <cstdint>

#include "harness/runner/claimed_blocks.hpp"

namespace dialtone {

/// Ports for servers, one after another, that no other run on this host draws at the same time:
/// between the look at a port and the server's own bind, two runs would take the same.
class PortBlocks {
 public:
  static constexpr int kFirstPort = 10000;
  static constexpr int kPerBlock = 64;
  static constexpr int kBlocks = 167;  // below 20788, which scenarios name
  static constexpr int kPorts = kBlocks * kPerBlock;

  std::uint16_t next() { return static_cast<std::uint16_t>(kFirstPort + blocks_.next()); }

 private:
  ClaimedBlocks blocks_{"ports", kBlocks, kPerBlock};
};

}  // namespace dialtone
