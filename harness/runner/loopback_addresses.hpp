#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <string>

namespace dialtone {

/// 127.64.0.1 to 127.127.255.254, begun at another place in each process, so that two runs on one
/// host do not meet.
class LoopbackAddresses {
 public:
  LoopbackAddresses() : next_(static_cast<std::uint32_t>(::getpid()) * 4096U) {}

  std::string take() {
    std::uint32_t host = 0;
    do {
      host = next_++ & kMask;
    } while ((host & 0xff) == 0 || (host & 0xff) == 0xff);
    return fmt::format("127.{}.{}.{}", 64 + (host >> 16), (host >> 8) & 0xff, host & 0xff);
  }

 private:
  static constexpr std::uint32_t kMask = (1U << 22) - 1;
  std::uint32_t next_;
};

}  // namespace dialtone
