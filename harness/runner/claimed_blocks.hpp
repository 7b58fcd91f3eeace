#pragma once

#include <string>
#include <utility>

#include "harness/net/unique_fd.hpp"

namespace dialtone {

/// Numbers, one after another, in blocks that no other run on this host draws from at the same
/// time. A block is claimed by a name of the abstract namespace of Unix sockets (man 7 unix), which
/// ends with its process, and which containers with a network of their own do not share, as they
/// share neither ports nor addresses. Where no claim can be had, numbers are drawn without one.
class ClaimedBlocks {
 public:
  /// `what` is part of the names. There are `blocks` of `per_block` numbers each, from 0.
  ClaimedBlocks(std::string what, int blocks, int per_block)
      : what_(std::move(what)), blocks_(blocks), per_block_(per_block), drawn_(per_block) {}

  /// Another one at each call, until all have been drawn.
  int next();

  /// Whether the block of the last draw is claimed.
  bool is_claimed() const { return static_cast<bool>(claim_); }

 private:
  void move_on();

  std::string what_;
  int blocks_;
  int per_block_;
  int block_ = -1;
  int drawn_;  ///< of this block
  UniqueFd claim_;
  UniqueFd earlier_;  ///< of the block before: its last numbers may still be in use
};

}  // namespace dialtone
