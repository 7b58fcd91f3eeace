#pragma once

#include <cstdint>

#include "harness/net/unique_fd.hpp"

namespace dialtone {

/// Ports for servers, one after another, in blocks that no other run on this host draws from at the
/// same time: between the look at a port and the server's own bind, two runs would take the same.
/// A block is claimed by a name of the abstract namespace of Unix sockets (man 7 unix), which ends
/// with its process, and which containers with a network of their own do not share, as they share
/// no ports. Where no claim can be had, ports are drawn without one.
class PortBlocks {
 public:
  static constexpr int kFirstPort = 10000;
  static constexpr int kPerBlock = 64;
  static constexpr int kBlocks = 167;  // below 20788, which scenarios name
  static constexpr int kPorts = kBlocks * kPerBlock;

  /// Another one at each call, until all have been drawn.
  std::uint16_t next();

  /// Whether the block of the last draw is claimed.
  bool is_claimed() const { return static_cast<bool>(claim_); }

 private:
  void move_on();

  int block_ = -1;
  int drawn_ = kPerBlock;
  UniqueFd claim_;
  UniqueFd earlier_;  ///< of the block before: its last servers may not have bound yet
};

}  // namespace dialtone
