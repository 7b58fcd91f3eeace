#include "harness/runner/loopback_addresses.hpp"

#include <fmt/format.h>

namespace dialtone {

std::string LoopbackAddresses::take() {
  int host = 0;
  do {
    host = blocks_.next();
  } while ((host & 0xff) == 0 || (host & 0xff) == 0xff);  // they look like a network's own
  return fmt::format("127.{}.{}.{}", 64 + (host >> 16), (host >> 8) & 0xff, host & 0xff);
}

}  // namespace dialtone
