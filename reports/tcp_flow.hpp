#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/model/bytes.hpp"
#include "reports/ip_packet.hpp"

namespace dialtone::pcapng {

enum class Side { kOurs, kTheirs };
Side other(Side side);

/// The packets that a TCP connection could have been made of, with sequence numbers and
/// acknowledgements that fit together. Each acknowledges all that came before it; beside the
/// handshake's last there are no packets that only acknowledge, since nothing is known of them.
class TcpFlow {
 public:
  /// `number`: different for each flow of a capture; its sequence numbers begin elsewhere.
  TcpFlow(NetworkAddress ours, NetworkAddress theirs, std::uint32_t number);

  Bytes syn(Side opener);
  /// The RST that answers a SYN.
  Bytes refusal(Side opener);
  /// SYN, SYN and ACK, ACK.
  std::array<Bytes, 3> handshake(Side opener);

  /// Empty where the side's direction has ended.
  std::vector<Bytes> data(Side from, ByteView octets);
  Bytes fin(Side from);
  Bytes reset(Side from);

  /// Whether it may still send.
  bool has_ended(Side side) const { return is_reset_ || fin_[index(side)]; }
  bool is_reset() const { return is_reset_; }

 private:
  static std::size_t index(Side side) { return side == Side::kOurs ? 0 : 1; }
  /// The next one of that side; `length`: what it takes of the sequence numbers.
  Bytes packet(Side from, std::uint8_t flags, ByteView payload, std::size_t length);

  std::array<NetworkAddress, 2> address_;
  std::array<std::uint32_t, 2> next_;  // sequence numbers
  std::array<bool, 2> fin_{};
  bool is_reset_ = false;
};

}  // namespace dialtone::pcapng
