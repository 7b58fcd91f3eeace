#include "harness/net/slow_link_test_support.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <deque>
#include <utility>

#include "harness/model/bytes.hpp"
#include "harness/net/namespace_test_support.hpp"

namespace dialtone {
namespace {

constexpr auto* kName = "slow";
constexpr int kPollMilliseconds = 1;

// RFC 791 section 3.1.
constexpr std::size_t kSource = 12;
constexpr std::size_t kDestination = 16;
constexpr std::size_t kAddressSize = 4;
constexpr std::size_t kShortestHeader = 20;

UniqueFd open_tun() {
  UniqueFd fd(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, kName, IFNAMSIZ - 1);
  if (fd.get() < 0 || ::ioctl(fd.get(), TUNSETIFF, &request) != 0) sh("false  # no TUN device");
  return fd;
}

/// The far host's packet is ours with its addresses exchanged, which changes no checksum.
void exchange_addresses(Bytes& packet) {
  const auto source = packet.begin() + kSource;
  std::swap_ranges(source, source + kAddressSize, packet.begin() + kDestination);
}

}  // namespace

SlowLink::SlowLink(Duration one_way) : tun_(open_tun()) {
  sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip addr add 10.8.0.1/24 dev slow; "
     "ip link set slow up");
  wire_ = std::jthread([this, one_way](const std::stop_token& stop) { carry(stop, one_way); });
}

void SlowLink::carry(const std::stop_token& stop, Duration one_way) const {
  std::deque<std::pair<TimePoint, Bytes>> under_way;
  std::array<char, 2048> room{};
  while (!stop.stop_requested()) {
    pollfd wanted{.fd = tun_.get(), .events = POLLIN, .revents = 0};
    ::poll(&wanted, 1, kPollMilliseconds);
    const auto size = ::read(tun_.get(), room.data(), room.size());
    if (size >= static_cast<ssize_t>(kShortestHeader)) {
      auto packet = Bytes(room.data(), static_cast<std::size_t>(size));
      exchange_addresses(packet);
      under_way.emplace_back(Clock::now() + one_way, std::move(packet));
    }
    while (!under_way.empty() && under_way.front().first <= Clock::now()) {
      const auto& packet = under_way.front().second;
      [[maybe_unused]] const auto written = ::write(tun_.get(), packet.data(), packet.size());
      under_way.pop_front();
    }
  }
}

}  // namespace dialtone
