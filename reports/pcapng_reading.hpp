#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/bytes.hpp"

/// Reads back, for tests, what pcapng_blocks and ip_packet write: by the specifications, and with
/// every length, padding and checksum looked at.
namespace dialtone::pcapng {

struct ReadOption {
  std::uint16_t code;
  Bytes value;
};
struct ReadBlock {
  std::uint32_t type;
  Bytes fixed;  ///< what stands before the options, without the packet
  Bytes packet;
  std::vector<ReadOption> options;

  /// The values of the options with this code.
  std::vector<Bytes> values(std::uint16_t code) const;
  std::vector<Bytes> comments() const { return values(1); }
};

struct ReadPacket {
  bool is_tcp;
  Bytes from;  ///< the host's octets
  Bytes to;
  std::uint16_t from_port;
  std::uint16_t to_port;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::string flags{};  ///< of "SFRPA"
  Bytes payload{};
};

/// Throws std::runtime_error where something is not as it must be.
std::vector<ReadBlock> read_blocks(const Bytes& file);
ReadPacket read_packet(const Bytes& packet);

/// A line each: "out S 1000 0 ''" of TCP, "in udp 'pong'". Hosts and ports are left out.
std::vector<std::string> summary(const Bytes& file);

}  // namespace dialtone::pcapng
