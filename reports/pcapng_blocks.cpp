#include "reports/pcapng_blocks.hpp"

#include <algorithm>
#include <ostream>

namespace dialtone::pcapng {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint64_t kLengthUnknown = ~std::uint64_t{0};

// Codes of options.
constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kSectionApplication = 4;
constexpr std::uint16_t kInterfaceName = 2;
constexpr std::uint16_t kInterfaceDescriptionText = 3;
constexpr std::uint16_t kInterfaceResolution = 9;
constexpr std::uint16_t kPacketFlags = 2;

constexpr std::uint32_t kInbound = 1;
constexpr std::uint32_t kOutbound = 2;
constexpr char kNanoseconds = 9;  // 10^-9 s
constexpr std::size_t kMostInOption = 0xffff;
constexpr std::size_t kFrameOctets = 12;  // type, and the length twice

/// The head of `text` that an option holds.
std::string_view fitting(std::string_view text) {
  if (text.size() <= kMostInOption) return text;
  auto end = kMostInOption;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end);
}

class Body {
 public:
  template <typename Number>
  void number(Number value) {
    for (std::size_t octet = 0; octet < sizeof value; ++octet)
      octets_ += static_cast<char>((value >> (8 * octet)) & 0xffU);
  }

  /// Padded to 32 bits, as the values of options and packets are.
  void padded(ByteView octets) {
    octets_ += octets;
    octets_.append((4 - octets.size() % 4) % 4, '\0');
  }

  void option(std::uint16_t code, std::string_view value) {
    value = fitting(value);
    number(code);
    number(static_cast<std::uint16_t>(value.size()));
    padded(value);
  }

  void comments(const std::vector<std::string>& comments) {
    for (const auto& comment : comments) option(kComment, comment);
  }

  void end_options() { option(kEndOfOptions, {}); }

  void write(std::ostream& out, std::uint32_t type) const {
    Body frame;
    const auto length = static_cast<std::uint32_t>(octets_.size() + kFrameOctets);
    frame.number(type);
    frame.number(length);
    frame.octets_ += octets_;
    frame.number(length);
    out.write(frame.octets_.data(), static_cast<std::streamsize>(frame.octets_.size()));
  }

 private:
  Bytes octets_;
};

}  // namespace

void write_section(std::ostream& out, const Section& section) {
  Body body;
  body.number(kByteOrderMagic);
  body.number(std::uint16_t{1});  // version 1.0
  body.number(std::uint16_t{0});
  body.number(kLengthUnknown);
  body.comments(section.comments);
  body.option(kSectionApplication, section.application);
  body.end_options();
  body.write(out, kSectionHeader);
}

void write_interface(std::ostream& out, const Interface& interface) {
  Body body;
  body.number(interface.link_type);
  body.number(std::uint16_t{0});
  body.number(std::uint32_t{0});
  body.option(kInterfaceName, interface.name);
  body.option(kInterfaceDescriptionText, interface.description);
  body.option(kInterfaceResolution, {&kNanoseconds, 1});
  body.end_options();
  body.write(out, kInterfaceDescription);
}

void write_packet(std::ostream& out, const PacketBlock& packet) {
  const auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(packet.at_ns, 0));
  const auto length = static_cast<std::uint32_t>(packet.octets.size());
  Body body;
  body.number(std::uint32_t{0});
  body.number(static_cast<std::uint32_t>(at >> 32U));
  body.number(static_cast<std::uint32_t>(at));
  body.number(length);  // captured
  body.number(length);  // on the wire
  body.padded(packet.octets);
  body.comments(packet.comments);
  body.number(kPacketFlags);
  body.number(std::uint16_t{4});
  body.number(packet.inbound ? kInbound : kOutbound);
  body.end_options();
  body.write(out, kEnhancedPacket);
}

}  // namespace dialtone::pcapng
