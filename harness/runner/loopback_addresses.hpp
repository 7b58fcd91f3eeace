#pragma once

#include <string>

#include "harness/runner/claimed_blocks.hpp"

namespace dialtone {

/// 127.64.0.1 to 127.127.255.254, one after another, that no other run on this host takes at the
/// same time: scenarios name the ports of their servers.
class LoopbackAddresses {
 public:
  std::string take();

 private:
  ClaimedBlocks blocks_{"addresses", 1024, 4096};
};

}  // namespace dialtone
