#include "harness/model/bytes.hpp"

#include <algorithm>
#include <cstdint>

namespace dialtone {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";
constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_space(char character) { return kWhiteSpace.find(character) != std::string_view::npos; }

std::optional<unsigned> hex_value(char digit) {
  if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
  const auto value = kHexDigits.find(digit);
  if (value == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(value);
}

/// Four symbols of base64, the last `padding` of which are '=', as up to three octets.
bool append_quantum(std::string_view quantum, std::size_t padding, Bytes& out) {
  std::uint32_t bits = 0;
  for (const char symbol : quantum.substr(0, 4 - padding)) {
    const auto value = kBase64Alphabet.find(symbol);
    if (value == std::string_view::npos) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
  }
  bits <<= 6 * padding;
  for (std::size_t octet = 0; octet < 3 - padding; ++octet) {
    out.push_back(static_cast<char>(bits >> 16 & 0xff));
    bits = bits << 8 & 0xffffff;
  }
  return bits == 0;  // RFC 4648 section 3.5: the pad bits of a canonical encoding are zero
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 3);
  for (const char byte : bytes) {
    const auto octet = static_cast<unsigned char>(byte);
    if (!text.empty()) text.push_back(' ');
    text.push_back(kHexDigits[octet >> 4]);
    text.push_back(kHexDigits[octet & 0xf]);
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    if (at + 1 == text.size()) return std::nullopt;
    const auto high = hex_value(text[at]);
    const auto low = hex_value(text[at + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<char>(*high << 4 | *low));
    at += 2;
  }
  return bytes;
}

std::optional<Bytes> from_base64(std::string_view text) {
  std::string symbols(text);
  symbols.erase(std::remove_if(symbols.begin(), symbols.end(), is_space), symbols.end());
  if (symbols.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;  // more than two '=' are found out as symbols outside the alphabet
  while (padding < 2 && symbols.ends_with(std::string_view("==").substr(0, padding + 1))) ++padding;
  Bytes bytes;
  bytes.reserve(symbols.size() / 4 * 3);
  for (std::size_t at = 0; at < symbols.size(); at += 4) {
    const bool last = at + 4 == symbols.size();
    const auto quantum = std::string_view(symbols).substr(at, 4);
    if (!append_quantum(quantum, last ? padding : 0, bytes)) return std::nullopt;
  }
  return bytes;
}

std::optional<std::size_t> first_difference(ByteView left, ByteView right) {
  const auto common = std::min(left.size(), right.size());
  if (left.substr(0, common) == right.substr(0, common)) {  // memcmp: equal ones are the rule
    return left.size() == right.size() ? std::nullopt : std::optional(common);
  }
  const auto* const end = left.data() + common;
  const auto* const found = std::mismatch(left.data(), end, right.data()).first;
  return static_cast<std::size_t>(found - left.data());
}

}  // namespace dialtone
