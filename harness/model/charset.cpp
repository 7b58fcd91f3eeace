#include "harness/model/charset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "harness/model/gbk_table.hpp"
#include "harness/model/iconv_converter.hpp"

namespace dialtone {
namespace {

using End = Decoded::End;

constexpr std::array kEncodings{Encoding::kGbk, Encoding::kUtf8, Encoding::kGb18030,
                                Encoding::kLatin1, Encoding::kAscii};

struct Alias {
  std::string_view name;
  Encoding encoding;
};
constexpr Alias kAliases[] = {
    {"cp936", Encoding::kGbk},
    {"ms936", Encoding::kGbk},
    {"936", Encoding::kGbk},
    {"utf8", Encoding::kUtf8},
    {"gb18030-2000", Encoding::kGb18030},
    {"latin1", Encoding::kLatin1},
    {"iso-8859-1", Encoding::kLatin1},
    {"iso8859-1", Encoding::kLatin1},
    {"l1", Encoding::kLatin1},
    {"us-ascii", Encoding::kAscii},
};

/// What the octets at one place of a stream begin with.
struct Character {
  End state;
  char32_t code = 0;
  std::size_t length = 0;  ///< in octets
};
constexpr Character kIncompleteCharacter{End::kIncomplete};
constexpr Character kIllegalCharacter{End::kIllegal};

constexpr unsigned octet_at(ByteView bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
constexpr bool within(unsigned octet, unsigned low, unsigned high) {
  return octet >= low && octet <= high;
}

void push(std::string& out, char32_t octet) { out.push_back(static_cast<char>(octet)); }

/// Number of ASCII octets from `at` on. All five encodings hold ASCII as itself, so these need no
/// conversion.
std::size_t ascii_run(ByteView bytes, std::size_t at) {
  const auto begin = at;
  for (std::uint64_t word = 0; at + sizeof word <= bytes.size(); at += sizeof word) {
    std::memcpy(&word, bytes.data() + at, sizeof word);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (at < bytes.size() && octet_at(bytes, at) < 0x80) ++at;
  return at - begin;
}

// --- UTF-8 (RFC 3629 section 4; the ranges are those of the Unicode Standard, table 3-7) ---

struct Utf8Lead {
  std::size_t length;  ///< 0: no character begins so
  unsigned low,
      high;  ///< range of the second octet: no overlong form, no surrogate, nothing beyond U+10FFFF
};

constexpr Utf8Lead utf8_lead(unsigned octet) {
  if (within(octet, 0xc2, 0xdf)) return {2, 0x80, 0xbf};
  if (within(octet, 0xe0, 0xef))
    return {3, octet == 0xe0 ? 0xa0U : 0x80U, octet == 0xed ? 0x9fU : 0xbfU};
  if (within(octet, 0xf0, 0xf4))
    return {4, octet == 0xf0 ? 0x90U : 0x80U, octet == 0xf4 ? 0x8fU : 0xbfU};
  return {0, 0, 0};
}

Character read_utf8(ByteView bytes) {
  const auto lead = utf8_lead(octet_at(bytes, 0));
  if (lead.length == 0) return kIllegalCharacter;
  char32_t code = octet_at(bytes, 0) & (0x7fU >> lead.length);
  for (std::size_t at = 1; at < lead.length; ++at) {
    if (at == bytes.size()) return kIncompleteCharacter;
    const auto octet = octet_at(bytes, at);
    if (!within(octet, at == 1 ? lead.low : 0x80, at == 1 ? lead.high : 0xbf))
      return kIllegalCharacter;
    code = code << 6 | (octet & 0x3f);
  }
  return {End::kComplete, code, lead.length};
}

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) return push(out, code);
  if (code < 0x800) {
    push(out, 0xc0 | code >> 6);
  } else if (code < 0x10000) {
    push(out, 0xe0 | code >> 12);
    push(out, 0x80 | (code >> 6 & 0x3f));
  } else {
    push(out, 0xf0 | code >> 18);
    push(out, 0x80 | (code >> 12 & 0x3f));
    push(out, 0x80 | (code >> 6 & 0x3f));
  }
  push(out, 0x80 | (code & 0x3f));
}

// --- GBK ---

Character read_gbk(ByteView bytes) {
  const auto lead = octet_at(bytes, 0);
  if (!GbkTable::is_lead(lead)) return kIllegalCharacter;
  if (bytes.size() < 2) return kIncompleteCharacter;
  const auto trail = octet_at(bytes, 1);
  if (!GbkTable::is_trail(trail)) return kIllegalCharacter;
  const auto character = gbk_table().character(lead, trail);
  if (character == 0) return kIllegalCharacter;
  return {End::kComplete, character, 2};
}

bool append_gbk(Bytes& out, char32_t character) {
  const auto code = gbk_table().code(character);
  if (code == 0) return false;
  push(out, code >> 8);
  push(out, code & 0xff);
  return true;
}

// --- GB18030: two octets as in GBK, or four, of which the second and the fourth are digits ---

/// Octets of the code that begins `bytes`: 2 or 4, or 0 where none begins so, even if more octets
/// came.
std::size_t gb18030_length(ByteView bytes) {
  if (!within(octet_at(bytes, 0), 0x81, 0xfe)) return 0;
  if (bytes.size() == 1) return 2;
  if (GbkTable::is_trail(octet_at(bytes, 1))) return 2;
  if (!within(octet_at(bytes, 1), '0', '9')) return 0;
  if (bytes.size() > 2 && !within(octet_at(bytes, 2), 0x81, 0xfe)) return 0;
  if (bytes.size() > 3 && !within(octet_at(bytes, 3), '0', '9')) return 0;
  return 4;
}

Character read_gb18030(ByteView bytes) {
  const auto length = gb18030_length(bytes);
  if (length == 0) return kIllegalCharacter;
  if (bytes.size() < length) return kIncompleteCharacter;
  thread_local IconvConverter iconv(kIconvInternal, "GB18030");
  const auto character = iconv.to_character(bytes.substr(0, length));
  if (!character) return kIllegalCharacter;
  return {End::kComplete, *character, length};
}

bool append_gb18030(Bytes& out, char32_t character) {
  thread_local IconvConverter iconv("GB18030", kIconvInternal);
  std::array<char, sizeof character> in{};
  std::memcpy(in.data(), &character, sizeof character);
  std::array<char, 8> code{};
  const auto length = iconv.convert({in.data(), in.size()}, code.data(), code.size());
  out.append(code.data(), length);
  return length > 0;
}

// --- one character of any encoding ---

/// `bytes` must not be empty, nor begin with an ASCII octet.
Character read_character(Encoding encoding, ByteView bytes) {
  switch (encoding) {
    case Encoding::kGbk: return read_gbk(bytes);
    case Encoding::kUtf8: return read_utf8(bytes);
    case Encoding::kGb18030: return read_gb18030(bytes);
    case Encoding::kLatin1: return {End::kComplete, octet_at(bytes, 0), 1};
    case Encoding::kAscii: break;
  }
  return kIllegalCharacter;
}

/// False where `encoding` does not have the character, which must not be ASCII.
bool append_character(Encoding encoding, Bytes& out, char32_t character) {
  switch (encoding) {
    case Encoding::kGbk: return append_gbk(out, character);
    case Encoding::kUtf8: append_utf8(out, character); return true;
    case Encoding::kGb18030: return append_gb18030(out, character);
    case Encoding::kLatin1:
      if (character < 0x100) push(out, character);
      return character < 0x100;
    case Encoding::kAscii: break;
  }
  return false;
}

}  // namespace

std::optional<Encoding> find_encoding(std::string_view name) {
  std::string wanted(name);
  for (auto& character : wanted) {
    if (character == '_') character = '-';
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  for (const auto encoding : kEncodings)
    if (name_of(encoding) == wanted) return encoding;
  for (const auto& alias : kAliases)
    if (alias.name == wanted) return alias.encoding;
  return std::nullopt;
}

std::vector<std::string> encoding_names() {
  std::vector<std::string> names;
  names.reserve(kEncodings.size());
  for (const auto encoding : kEncodings) names.emplace_back(name_of(encoding));
  return names;
}

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::kGbk: return "gbk";
    case Encoding::kUtf8: return "utf-8";
    case Encoding::kGb18030: return "gb18030";
    case Encoding::kLatin1: return "latin-1";
    case Encoding::kAscii: return "ascii";
  }
  return {};
}

std::string describe(const EncodeError& error, Encoding encoding) {
  const auto number = error.character_index + 1;
  if (!error.character) return fmt::format("character {} is not valid UTF-8", number);
  const auto code = static_cast<std::uint32_t>(*error.character);
  return fmt::format("character {} (U+{:04X}) is not in {}", number, code, name_of(encoding));
}

std::variant<Bytes, EncodeError> encode(Encoding encoding, std::string_view utf8) {
  Bytes out;
  std::size_t index = 0;
  for (std::size_t at = 0;; ++index) {
    const auto plain = ascii_run(utf8, at);
    out.append(utf8, at, plain);
    at += plain;
    index += plain;
    if (at == utf8.size()) return out;
    const auto next = read_utf8(utf8.substr(at));
    if (next.state != End::kComplete) return EncodeError{index, at, std::nullopt};
    if (!append_character(encoding, out, next.code)) return EncodeError{index, at, next.code};
    at += next.length;
  }
}

Decoded decode(Encoding encoding, ByteView whole) {
  std::string text;
  for (std::size_t at = 0;;) {
    const auto plain = ascii_run(whole, at);
    text.append(whole, at, plain);
    at += plain;
    if (at == whole.size()) return {std::move(text), End::kComplete, at};
    const auto next = read_character(encoding, whole.substr(at));
    if (next.state != End::kComplete) return {std::move(text), next.state, at};
    append_utf8(text, next.code);
    at += next.length;
  }
}

std::string decode_lossy(Encoding encoding, ByteView whole) {
  std::string text;
  for (;;) {
    const auto part = decode(encoding, whole);
    text += part.text;
    if (part.end == End::kComplete) return text;
    text += fmt::format("\\x{:02x}", octet_at(whole, part.offset));
    whole.remove_prefix(part.offset + 1);
  }
}

Decoder::Result Decoder::feed(ByteView bytes) {
  if (illegal_) return {{}, offset_};
  Bytes joined;
  if (!pending_.empty()) {
    joined.swap(pending_);
    joined += bytes;
    bytes = joined;
  }
  auto decoded = decode(encoding_, bytes);
  offset_ += decoded.offset;
  if (decoded.end == End::kIncomplete) pending_ = bytes.substr(decoded.offset);
  illegal_ = decoded.end == End::kIllegal;
  return {std::move(decoded.text), illegal_ ? std::optional(offset_) : std::nullopt};
}

}  // namespace dialtone
