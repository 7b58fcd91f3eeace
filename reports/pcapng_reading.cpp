#include "reports/pcapng_reading.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "harness/model/printable.hpp"

namespace dialtone::pcapng {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

std::uint64_t little(ByteView octets, std::size_t at, std::size_t size) {
  require(at + size <= octets.size(), "a block ends early");
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(octets[at + i]);
  return value;
}

std::uint64_t big(ByteView octets, std::size_t at, std::size_t size) {
  require(at + size <= octets.size(), "a packet ends early");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8U | static_cast<unsigned char>(octets[at + i]);
  return value;
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

Bytes take_padded(ByteView body, std::size_t at, std::size_t size) {
  require(at + padded(size) <= body.size(), "a value goes beyond its block");
  for (auto i = at + size; i < at + padded(size); ++i) require(body[i] == '\0', "padding");
  return Bytes(body.substr(at, size));
}

std::vector<ReadOption> read_options(ByteView body, std::size_t at) {
  std::vector<ReadOption> options;
  while (true) {
    const auto code = static_cast<std::uint16_t>(little(body, at, 2));
    const auto size = little(body, at + 2, 2);
    at += 4;
    if (code == 0) break;
    options.push_back({code, take_padded(body, at, size)});
    at += padded(size);
  }
  require(at == body.size(), "octets after the end of options");
  return options;
}

ReadBlock read_block(std::uint32_t type, ByteView body) {
  ReadBlock block{type, {}, {}, {}};
  std::size_t fixed = 0;
  switch (type) {
    case 0x0a0d0d0a: fixed = 16; break;
    case 1: fixed = 8; break;
    case 6: fixed = 20; break;
    default: throw std::runtime_error("unknown block");
  }
  require(body.size() >= fixed, "a block is too short");
  block.fixed = body.substr(0, fixed);
  auto at = fixed;
  if (type == 6) {
    const auto captured = little(body, 12, 4);
    require(captured == little(body, 16, 4), "a packet is cut");
    block.packet = take_padded(body, at, captured);
    at += padded(captured);
  }
  block.options = read_options(body, at);
  return block;
}

/// The sum of 16-bit words, ones' complement: 0xffff where a checksum among them is right.
std::uint32_t ones_sum(ByteView octets) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < octets.size(); at += 2) {
    const bool is_last = at + 1 == octets.size();
    sum += static_cast<std::uint32_t>(is_last ? big(octets, at, 1) << 8U : big(octets, at, 2));
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return sum;
}

Bytes number32(std::size_t value) {
  Bytes octets;
  for (int shift = 24; shift >= 0; shift -= 8)
    octets += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xffU);
  return octets;
}

}  // namespace

std::vector<Bytes> ReadBlock::values(std::uint16_t code) const {
  std::vector<Bytes> values;
  for (const auto& option : options)
    if (option.code == code) values.push_back(option.value);
  return values;
}

std::vector<ReadBlock> read_blocks(const Bytes& file) {
  std::vector<ReadBlock> blocks;
  const ByteView octets(file);
  for (std::size_t at = 0; at < file.size();) {
    const auto type = static_cast<std::uint32_t>(little(octets, at, 4));
    const auto length = little(octets, at + 4, 4);
    require(length >= 12 && length % 4 == 0 && at + length <= file.size(), "a block's length");
    require(little(octets, at + length - 4, 4) == length, "a block's second length");
    blocks.push_back(read_block(type, octets.substr(at + 8, length - 12)));
    at += length;
  }
  return blocks;
}

ReadPacket read_packet(const Bytes& packet) {
  const ByteView octets(packet);
  const bool is_ipv4 = big(octets, 0, 1) >> 4U == 4;
  const std::size_t header = is_ipv4 ? 20 : 40;
  const std::size_t host = is_ipv4 ? 4 : 16;
  const auto hosts_at = header - 2 * host;
  const auto protocol = static_cast<std::uint8_t>(big(octets, is_ipv4 ? 9 : 6, 1));
  const auto length = big(octets, is_ipv4 ? 2 : 4, 2) + (is_ipv4 ? 0 : header);
  require(length == packet.size(), "the length of IP");
  if (is_ipv4) require(ones_sum(octets.substr(0, header)) == 0xffff, "the checksum of IP");
  const auto content = octets.substr(header);
  const auto pseudo =
      Bytes(octets.substr(hosts_at, 2 * host)) + number32(content.size()) + number32(protocol);
  require(ones_sum(pseudo + Bytes(content)) == 0xffff, "the checksum of TCP or UDP");
  ReadPacket read{.is_tcp = protocol == 6,
                  .from = Bytes(octets.substr(hosts_at, host)),
                  .to = Bytes(octets.substr(hosts_at + host, host)),
                  .from_port = static_cast<std::uint16_t>(big(content, 0, 2)),
                  .to_port = static_cast<std::uint16_t>(big(content, 2, 2))};
  if (!read.is_tcp) {
    require(big(content, 4, 2) == content.size(), "the length of UDP");
    read.payload = content.substr(8);
    return read;
  }
  read.sequence = static_cast<std::uint32_t>(big(content, 4, 4));
  read.acknowledgement = static_cast<std::uint32_t>(big(content, 8, 4));
  const auto flags = big(content, 13, 1);
  for (const auto& [bit, letter] : {std::pair{2U, 'S'}, std::pair{1U, 'F'}, std::pair{4U, 'R'},
                                    std::pair{8U, 'P'}, std::pair{16U, 'A'}})
    if ((flags & bit) != 0) read.flags += letter;
  read.payload = content.substr((big(content, 12, 1) >> 4U) * 4);
  return read;
}

std::vector<std::string> summary(const Bytes& file) {
  std::vector<std::string> lines;
  for (const auto& block : read_blocks(file)) {
    if (block.type != 6) continue;
    const auto packet = read_packet(block.packet);
    const auto* way = block.values(2).at(0)[0] == 1 ? "in" : "out";
    const auto payload = printable(packet.payload);
    lines.push_back(packet.is_tcp ? fmt::format("{} {} {} {} '{}'", way, packet.flags,
                                                packet.sequence, packet.acknowledgement, payload)
                                  : fmt::format("{} udp '{}'", way, payload));
  }
  return lines;
}

}  // namespace dialtone::pcapng
