#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace dialtone {

/// One character as it stands in UTF-8: its code point and how many octets it takes (1 to 4).
struct Utf8Character {
  char32_t code_point;
  std::size_t length;
};

/// The character that begins at `offset` (which must lie in `text`); nullopt where the octets there
/// are not well-formed: overlong forms, surrogates, values above U+10FFFF, sequences cut short
/// (Unicode 15, table 3-7).
std::optional<Utf8Character> decode_utf8(std::string_view text, std::size_t offset);

/// True for an octet that continues a character (10xxxxxx) and so begins none.
constexpr bool is_utf8_continuation(char octet) {
  return (static_cast<unsigned char>(octet) & 0xc0U) == 0x80U;
}

}  // namespace dialtone
