#include "harness/runner/port_blocks.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "harness/net/socket_address.hpp"

namespace dialtone {
namespace {

/// Nothing where another process has the block, or where there are no Unix sockets.
UniqueFd claim(int block) {
  const auto name = SocketAddress::parse(fmt::format("unix:@dialtone-ports-{}", block));
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!name || !fd || ::bind(fd.get(), name->data(), name->size()) != 0) return {};
  return fd;
}

}  // namespace

std::uint16_t PortBlocks::next() {
  if (drawn_ == kPerBlock) move_on();
  return static_cast<std::uint16_t>(kFirstPort + block_ * kPerBlock + drawn_++);
}

void PortBlocks::move_on() {
  const int first = block_ < 0 ? static_cast<int>(::getpid()) % kBlocks : (block_ + 1) % kBlocks;
  drawn_ = 0;
  earlier_ = std::exchange(claim_, UniqueFd());
  for (int tries = 0; tries < kBlocks && !claim_; ++tries) {
    block_ = (first + tries) % kBlocks;
    claim_ = claim(block_);
  }
  if (!claim_) block_ = first;
}

}  // namespace dialtone
