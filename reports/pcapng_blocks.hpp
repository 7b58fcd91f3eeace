#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"

/// Blocks of a pcapng file (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3), in little-endian order.
/// Knows nothing of what the packets hold.
namespace dialtone::pcapng {

/// The raw IPv4 or IPv6 packet, without a frame around it (LINKTYPE_RAW).
inline constexpr std::uint16_t kLinkTypeRaw = 101;

struct Section {
  std::vector<std::string> comments{};  ///< UTF-8, one option each
  std::string application{};
};

struct Interface {
  std::uint16_t link_type = kLinkTypeRaw;
  std::string name{};
  std::string description{};
};

struct PacketBlock {
  std::int64_t at_ns = 0;  ///< since 1970-01-01 00:00 UTC; what is before that is written as 0
  bool inbound = false;    ///< epb_flags: inbound, else outbound
  ByteView octets{};
  std::vector<std::string> comments{};
};

/// An option's value holds 65535 octets: a longer text is cut there, at a character's begin.
void write_section(std::ostream& out, const Section& section);
/// Its times are in nanoseconds (if_tsresol 9), and its packets are whole (SnapLen 0: no limit).
void write_interface(std::ostream& out, const Interface& interface);
/// Of the section's first interface.
void write_packet(std::ostream& out, const PacketBlock& packet);

}  // namespace dialtone::pcapng
