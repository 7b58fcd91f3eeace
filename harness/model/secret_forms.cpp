#include "harness/model/secret_forms.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <functional>
#include <string>
#include <utility>

#include "harness/model/charset.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kShortest = 4;
constexpr std::array kEncodings{Encoding::kUtf8, Encoding::kGbk, Encoding::kGb18030,
                                Encoding::kLatin1, Encoding::kAscii};
constexpr std::string_view kUnreserved = "-._~";  // RFC 3986 section 2.3

using Units = std::u16string;

/// What stands before each octet, and between two.
struct HexStyle {
  std::string_view before;
  std::string_view between;
};
constexpr std::array kHexStyles{HexStyle{"", ""},     HexStyle{"", " "},   HexStyle{"", ":"},
                                HexStyle{"", "-"},    HexStyle{"\\x", ""}, HexStyle{"%", ""},
                                HexStyle{"0x", ", "}, HexStyle{"0x", ","}, HexStyle{"0x", " "}};

std::string hex(ByteView octets, const HexStyle& style, bool upper) {
  std::string text;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    if (at > 0) text += style.between;
    const auto octet = static_cast<unsigned char>(octets[at]);
    text += style.before;
    text += upper ? fmt::format("{:02X}", octet) : fmt::format("{:02x}", octet);
  }
  return text;
}

/// The characters of base64 that the octets alone decide, where `before` octets stand before them.
std::string base64(ByteView octets, std::size_t before, std::string_view alphabet) {
  std::string text;
  const auto bit = [&](std::size_t at) {
    return (static_cast<unsigned char>(octets[at / 8]) >> (7 - at % 8)) & 1U;
  };
  const auto begin = before * 8;
  for (auto at = (begin + 5) / 6 * 6; at + 6 <= begin + octets.size() * 8; at += 6) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value << 1U | bit(at + i - begin);
    text += alphabet[value];
  }
  return text;
}

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kOfUrls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool is_alphanumeric(char octet) {
  return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
         (octet >= 'a' && octet <= 'z');
}

std::string percent_escaped(ByteView octets, bool upper, bool plus_for_space) {
  std::string text;
  for (const char octet : octets) {
    if (plus_for_space && octet == ' ') {
      text += '+';
    } else if (is_alphanumeric(octet) || kUnreserved.find(octet) != std::string_view::npos) {
      text += octet;
    } else {
      text += hex({&octet, 1}, {"%", ""}, upper);
    }
  }
  return text;
}

/// Each character as `escape` has it; an octet that begins none stays.
std::string each_character(std::string_view text,
                           const std::function<std::string(char32_t, std::string_view)>& escape) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = decode_utf8(text, at);
    const auto length = character ? character->length : 1;
    const auto octets = text.substr(at, length);
    result += character ? escape(character->code_point, octets) : std::string(octets);
    at += length;
  }
  return result;
}

Units utf16(char32_t code) {
  if (code < 0x10000) return {static_cast<char16_t>(code)};
  code -= 0x10000;
  return {static_cast<char16_t>(0xd800U + (code >> 10U)),
          static_cast<char16_t>(0xdc00U + (code & 0x3ffU))};
}

Bytes as_utf16(std::string_view text, bool big_endian) {
  return each_character(text, [&](char32_t code, std::string_view) {
    Bytes octets;
    for (const auto unit : utf16(code)) {
      const char high = static_cast<char>(unit >> 8U);
      const char low = static_cast<char>(unit & 0xffU);
      octets += big_endian ? Bytes{high, low} : Bytes{low, high};
    }
    return octets;
  });
}

std::string json_escaped(std::string_view text, bool ascii, bool upper, bool slash) {
  return each_character(text, [&](char32_t code, std::string_view octets) {
    switch (code) {
      case '"': return std::string("\\\"");
      case '\\': return std::string("\\\\");
      case '\b': return std::string("\\b");
      case '\f': return std::string("\\f");
      case '\n': return std::string("\\n");
      case '\r': return std::string("\\r");
      case '\t': return std::string("\\t");
      case '/': return std::string(slash ? "\\/" : "/");
      default: break;
    }
    if (code >= 0x20 && (code < 0x7f || !ascii)) return std::string(octets);
    std::string escaped;
    for (const auto unit : utf16(code))
      escaped += upper ? fmt::format("\\u{:04X}", static_cast<unsigned>(unit))
                       : fmt::format("\\u{:04x}", static_cast<unsigned>(unit));
    return escaped;
  });
}

enum class Marked { kNamed, kNamedApos, kDecimal, kHex };

/// Empty where it has none.
std::string_view name_in_markup(char32_t code, Marked how) {
  if (how != Marked::kNamed && how != Marked::kNamedApos) return {};
  switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return how == Marked::kNamedApos ? "&apos;" : "";
    default: return {};
  }
}

bool is_escaped_in_markup(char32_t code, bool ascii) {
  if (code < 0x20 || (ascii && code >= 0x80)) return true;
  return code == '&' || code == '<' || code == '>' || code == '"' || code == '\'';
}

std::string markup_escaped(std::string_view text, Marked how, bool ascii) {
  return each_character(text, [&](char32_t code, std::string_view octets) {
    if (!is_escaped_in_markup(code, ascii)) return std::string(octets);
    if (const auto name = name_in_markup(code, how); !name.empty()) return std::string(name);
    const auto number = static_cast<std::uint32_t>(code);
    return how == Marked::kHex ? fmt::format("&#x{:x};", number) : fmt::format("&#{};", number);
  });
}

/// What the encodings make of the text; those that cannot hold it make nothing.
std::set<Bytes> encoded(std::string_view value) {
  std::set<Bytes> forms{Bytes(value)};
  for (const auto encoding : kEncodings) {
    try {
      const auto octets = encode(encoding, value);
      if (const auto* good = std::get_if<Bytes>(&octets)) forms.insert(*good);
    } catch (const std::exception&) {
      continue;  // this system does not have it, and so nobody here writes it
    }
  }
  for (const bool big_endian : {false, true}) forms.insert(as_utf16(value, big_endian));
  return forms;
}

void add_shown(std::set<Bytes>& forms, ByteView octets) {
  for (const bool escape : {false, true})
    forms.insert(printable(octets, {.keep_lines = false, .escape_backslash = escape}));
  for (const auto encoding : kEncodings) {
    try {
      const auto text = decode_lossy(encoding, octets);
      forms.insert(text);
      forms.insert(printable(text));
    } catch (const std::exception&) {
      continue;
    }
  }
}

void add_numbers(std::set<Bytes>& forms, ByteView octets) {
  for (const bool upper : {false, true}) {
    for (const auto& style : kHexStyles) forms.insert(hex(octets, style, upper));
    for (const bool plus : {false, true}) forms.insert(percent_escaped(octets, upper, plus));
  }
  for (const auto alphabet : {kStandard, kOfUrls})
    for (const std::size_t before : {0, 1, 2}) forms.insert(base64(octets, before, alphabet));
}

void add_escaped(std::set<Bytes>& forms, std::string_view text) {
  for (const bool ascii : {false, true}) {
    for (const bool upper : {false, true})
      for (const bool slash : {false, true}) forms.insert(json_escaped(text, ascii, upper, slash));
    for (const auto how : {Marked::kNamed, Marked::kNamedApos, Marked::kDecimal, Marked::kHex})
      forms.insert(markup_escaped(text, how, ascii));
  }
}

}  // namespace

std::set<Bytes> forms_of_secret(std::string_view value) {
  std::set<Bytes> forms;
  for (const auto& octets : encoded(value)) {
    forms.insert(octets);
    add_shown(forms, octets);
    add_numbers(forms, octets);
  }
  std::set<Bytes> escaped;
  add_escaped(escaped, value);
  for (const auto& text : escaped) forms.merge(encoded(text));
  std::erase_if(forms, [](const Bytes& form) { return form.size() < kShortest; });
  return forms;
}

}  // namespace dialtone
