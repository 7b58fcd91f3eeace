#include "reports/tcp_flow.hpp"

#include <utility>

namespace dialtone::pcapng {
namespace {

constexpr std::uint32_t kOurFirst = 1000;
constexpr std::uint32_t kTheirFirst = 500'001'000;
// A tool that meets the same addresses and ports again knows a new connection by this.
constexpr std::uint32_t kBetweenFlows = 104'729'000;

}  // namespace

Side other(Side side) { return side == Side::kOurs ? Side::kTheirs : Side::kOurs; }

TcpFlow::TcpFlow(NetworkAddress ours, NetworkAddress theirs, std::uint32_t number)
    : address_{std::move(ours), std::move(theirs)},
      next_{kOurFirst + number * kBetweenFlows, kTheirFirst + number * kBetweenFlows} {}

Bytes TcpFlow::packet(Side from, std::uint8_t flags, ByteView payload, std::size_t length) {
  const auto here = index(from);
  const auto there = index(other(from));
  const TcpSegment segment{next_[here], (flags & kAck) != 0 ? next_[there] : 0, flags, payload};
  next_[here] += static_cast<std::uint32_t>(length);
  return tcp_packet(address_[here], address_[there], segment);
}

Bytes TcpFlow::syn(Side opener) { return packet(opener, kSyn, {}, 1); }

Bytes TcpFlow::refusal(Side opener) {
  is_reset_ = true;
  next_[index(other(opener))] = 0;  // RFC 9293 section 3.5.2
  return packet(other(opener), kRst | kAck, {}, 0);
}

std::array<Bytes, 3> TcpFlow::handshake(Side opener) {
  auto first = syn(opener);
  auto second = packet(other(opener), kSyn | kAck, {}, 1);
  return {std::move(first), std::move(second), packet(opener, kAck, {}, 0)};
}

std::vector<Bytes> TcpFlow::data(Side from, ByteView octets) {
  std::vector<Bytes> packets;
  if (has_ended(from)) return packets;
  const auto limit = segment_limit(address_[0]);
  while (!octets.empty()) {
    const auto part = octets.substr(0, limit);
    octets.remove_prefix(part.size());
    const std::uint8_t push = octets.empty() ? kPsh : 0;
    packets.push_back(packet(from, kAck | push, part, part.size()));
  }
  return packets;
}

Bytes TcpFlow::fin(Side from) {
  fin_[index(from)] = true;
  return packet(from, kFin | kAck, {}, 1);
}

Bytes TcpFlow::reset(Side from) {
  is_reset_ = true;
  return packet(from, kRst | kAck, {}, 0);
}

}  // namespace dialtone::pcapng
