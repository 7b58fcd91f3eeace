#include "harness/model/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Characters from U+0080 on that change how their neighbours look, or show nothing: C1 controls,
/// the general category Cf of Unicode 15, line and paragraph separators, private use,
/// noncharacters. Sorted. The gaps inside a block of format controls (U+2065, U+FFF0..FFF8) are
/// taken with it. The last two code points of each plane: see is_hidden.
constexpr Range kHidden[] = {
    {0x0080, 0x009f},   {0x00ad, 0x00ad},   {0x0600, 0x0605},    {0x061c, 0x061c},
    {0x06dd, 0x06dd},   {0x070f, 0x070f},   {0x0890, 0x0891},    {0x08e2, 0x08e2},
    {0x180e, 0x180e},   {0x200b, 0x200f},   {0x2028, 0x202e},    {0x2060, 0x206f},
    {0xe000, 0xf8ff},   {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},    {0xfff0, 0xfffb},
    {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f},  {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe007f}, {0xf0000, 0x10ffff},
};

bool is_hidden(char32_t code_point) {
  if ((code_point & 0xfffeU) == 0xfffeU) return true;
  const auto* range = std::lower_bound(
      std::begin(kHidden), std::end(kHidden), code_point,
      [](const Range& candidate, char32_t value) { return candidate.last < value; });
  return range != std::end(kHidden) && range->first <= code_point;
}

bool is_plain_ascii(char octet, PrintableOptions options) {
  if (octet == '\n' || octet == '\t') return options.keep_lines;
  if (octet == '\\') return !options.escape_backslash;
  return octet >= ' ' && octet <= '~';
}

/// Octets of the character at `offset` when it may be shown as it is; 0 when it must be escaped.
std::size_t plain_length(std::string_view bytes, std::size_t offset, PrintableOptions options) {
  const char octet = bytes[offset];
  if (static_cast<unsigned char>(octet) < 0x80) return is_plain_ascii(octet, options) ? 1 : 0;
  const auto character = decode_utf8(bytes, offset);
  return character && !is_hidden(character->code_point) ? character->length : 0;
}

/// Appends what stands for the octet or character at `offset`; returns how many octets that was.
std::size_t append_escaped(std::string& out, std::string_view bytes, std::size_t offset) {
  const char octet = bytes[offset];
  const auto character = decode_utf8(bytes, offset);
  if (character && character->length > 1) {
    fmt::format_to(std::back_inserter(out), "\\u{{{:04x}}}",
                   static_cast<unsigned>(character->code_point));
    return character->length;
  }
  switch (octet) {
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    case '\\': out += "\\\\"; break;
    default:
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(octet));
  }
  return 1;
}

}  // namespace

std::string printable(std::string_view bytes, PrintableOptions options) {
  std::string out;
  out.reserve(bytes.size());
  std::size_t copied = 0;  // what lies before it is in `out`
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t plain = plain_length(bytes, at, options);
    if (plain > 0) {
      at += plain;
      continue;
    }
    out.append(bytes, copied, at - copied);
    at += append_escaped(out, bytes, at);
    copied = at;
  }
  out.append(bytes, copied);
  return out;
}

}  // namespace dialtone
