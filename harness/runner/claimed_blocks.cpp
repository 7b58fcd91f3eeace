#include "harness/runner/claimed_blocks.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "harness/net/socket_address.hpp"

namespace dialtone {
namespace {

/// Nothing where another process has the block, or where there are no Unix sockets.
UniqueFd claim(const std::string& what, int block) {
  const auto name = SocketAddress::parse(fmt::format("unix:@dialtone-{}-{}", what, block));
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!name || !fd || ::bind(fd.get(), name->data(), name->size()) != 0) return {};
  return fd;
}

}  // namespace

int ClaimedBlocks::next() {
  if (drawn_ == per_block_) move_on();
  return block_ * per_block_ + drawn_++;
}

void ClaimedBlocks::move_on() {
  const int first = block_ < 0 ? static_cast<int>(::getpid()) % blocks_ : (block_ + 1) % blocks_;
  drawn_ = 0;
  earlier_ = std::exchange(claim_, UniqueFd());
  for (int tries = 0; tries < blocks_ && !claim_; ++tries) {
    block_ = (first + tries) % blocks_;
    claim_ = claim(what_, block_);
  }
  if (!claim_) block_ = first;
}

}  // namespace dialtone
