#pragma once

#include <stop_token>
#include <thread>

#include "harness/model/clock.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {

/// For tests inside in_own_network(): a host 10.8.0.2 that is far away in time. What is sent there
/// comes back to this host, 10.8.0.1, after `one_way`, as from 10.8.0.2: who listens here is found
/// there. A TUN device carries it, and this process plays the wire; where the kernel allows none,
/// the test is skipped.
class SlowLink {
 public:
  static constexpr auto* kHere = "10.8.0.1";
  static constexpr auto* kFar = "10.8.0.2";

  explicit SlowLink(Duration one_way);

 private:
  void carry(const std::stop_token& stop, Duration one_way) const;

  UniqueFd tun_;
  std::jthread wire_;
};

}  // namespace dialtone
