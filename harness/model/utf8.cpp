#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

/// What a first octet announces: the length of its sequence (0: it cannot begin one) and the bounds
/// of the second octet, which exclude overlong forms, surrogates and what lies above U+10FFFF.
struct Lead {
  std::size_t length;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
};

Lead lead_of(unsigned char octet) {
  if (octet < 0x80) return {1};
  if (octet < 0xc2) return {0};
  if (octet < 0xe0) return {2};
  if (octet == 0xe0) return {3, 0xa0, 0xbf};
  if (octet == 0xed) return {3, 0x80, 0x9f};
  if (octet < 0xf0) return {3};
  if (octet == 0xf0) return {4, 0x90, 0xbf};
  if (octet < 0xf4) return {4};
  if (octet == 0xf4) return {4, 0x80, 0x8f};
  return {0};
}

}  // namespace

std::optional<Utf8Character> decode_utf8(std::string_view text, std::size_t offset) {
  const auto first = static_cast<unsigned char>(text[offset]);
  const Lead lead = lead_of(first);
  if (lead.length == 1) return Utf8Character{first, 1};
  if (lead.length == 0 || text.size() - offset < lead.length) return std::nullopt;
  const auto second = static_cast<unsigned char>(text[offset + 1]);
  if (second < lead.low || second > lead.high) return std::nullopt;
  char32_t code_point = first & (0x7fU >> lead.length);
  for (std::size_t i = 1; i < lead.length; ++i) {
    const char octet = text[offset + i];
    if (!is_utf8_continuation(octet)) return std::nullopt;
    code_point = (code_point << 6U) | (static_cast<unsigned char>(octet) & 0x3fU);
  }
  return Utf8Character{code_point, lead.length};
}

}  // namespace dialtone
