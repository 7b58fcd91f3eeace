#include "reports/octet_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kLongestCharacter = 4;  // octets, in GB18030 and UTF-8

/// Where the character begins that holds the octet at `target`, or begins after it: whole runs are
/// decoded at once.
std::size_t character_start(Encoding encoding, ByteView bytes, std::size_t target) {
  std::size_t at = 0;
  while (at < target) {
    const auto part = decode(encoding, bytes.substr(at, target - at));
    at += part.offset;
    if (part.end == Decoded::End::kIllegal) ++at;
    if (part.end == Decoded::End::kIncomplete) break;
  }
  return at;
}

Glyph glyph_at(Encoding encoding, ByteView bytes, std::size_t offset) {
  const auto longest = std::min(kLongestCharacter, bytes.size() - offset);
  for (std::size_t length = 1; length <= longest; ++length) {
    const auto decoded = decode(encoding, bytes.substr(offset, length));
    if (decoded.end == Decoded::End::kComplete) return {offset, length, printable(decoded.text)};
    if (decoded.end == Decoded::End::kIllegal) break;
  }
  const auto octet = static_cast<unsigned char>(bytes[offset]);
  return {offset, 1, fmt::format("\\x{:02x}", octet)};
}

}  // namespace

std::vector<Glyph> glyphs(Encoding encoding, ByteView bytes, std::size_t from, std::size_t to) {
  std::vector<Glyph> found;
  to = std::min(to, bytes.size());
  for (auto at = character_start(encoding, bytes, std::min(from, to)); at < to;) {
    auto glyph = glyph_at(encoding, bytes, at);
    at += glyph.length;
    if (at > from) found.push_back(std::move(glyph));
  }
  return found;
}

std::string shown_text(const std::vector<Glyph>& glyphs) {
  std::string text;
  for (const auto& glyph : glyphs) text += glyph.shown;
  return text;
}

}  // namespace dialtone
