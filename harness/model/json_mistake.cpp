#include "harness/model/json_mistake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "harness/model/json_word.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

using After = JsonProgress::After;

/// Characters that look like JSON's own, and what was meant: editors and input methods write them.
struct LookAlike {
  char32_t code_point;
  std::string_view hint;
};
constexpr std::string_view kStraightQuotes = "strings stand in straight double quotes: \"...\"";
constexpr std::string_view kUnclosedHint =
    "close it with '\"'; a line break in a string is written \\n";
constexpr std::string_view kKeyHint = "an object looks like { \"key\": value, \"key\": value }";
constexpr std::string_view kValueHint =
    "a value is a string in double quotes, a number, true, false, null, [ ... ] or { ... }";
constexpr std::string_view kPlainSpace = "put an ordinary space in its place";
constexpr LookAlike kLookAlikes[] = {
    {0x00a0, kPlainSpace},
    {0x2018, kStraightQuotes},
    {0x2019, kStraightQuotes},
    {0x201c, kStraightQuotes},
    {0x201d, kStraightQuotes},
    {0x3000, kPlainSpace},
    {0xff02, kStraightQuotes},
    {0xff0c, "put an ASCII comma ',' in its place"},
    {0xff1a, "put an ASCII colon ':' in its place"},
    {0xfeff, "remove the byte order mark"},
};

/// What stands at the cursor, for "found ...".
std::string describe_found(const JsonCursor& cursor) {
  if (cursor.at_end()) return "the end of the file";
  const std::string_view rest = cursor.rest();
  const char octet = rest.front();
  if (octet == '"' || octet == '\'') {
    const std::size_t end = rest.find_first_of(octet == '"' ? "\"\n" : "'\n", 1);
    const std::string quoted = shortened(rest.substr(1, std::min(end, rest.size()) - 1));
    return octet == '"' ? fmt::format("the string \"{}\"", quoted)
                        : fmt::format("'{}' in single quotes", quoted);
  }
  const std::string_view word = json_word(rest);
  if (!word.empty()) return fmt::format("'{}'", shortened(word));
  const auto character = decode_utf8(rest, 0);
  if (!character || character->length == 1)
    return fmt::format("'{}'", printable(rest.substr(0, 1)));
  return fmt::format("'{}' (U+{:04X})", printable(rest.substr(0, character->length)),
                     static_cast<unsigned>(character->code_point));
}

/// A hint from the character at the cursor, where it is known what people mean by it; else empty.
std::string_view symbol_hint(const JsonCursor& cursor) {
  if (cursor.at_end()) return "";
  switch (cursor.peek()) {
    case '\'': return kStraightQuotes;
    case '#': return "a comment begins with //";
    case '/': return "a comment begins with // or /*";
    case '=': return "a key and its value are parted by ':'";
    case ';': return "values are parted by ','";
    default: break;
  }
  const auto character = decode_utf8(cursor.rest(), 0);
  for (const LookAlike& candidate : kLookAlikes) {
    if (character && candidate.code_point == character->code_point) return candidate.hint;
  }
  return "";
}

/// Explains one failure: follows the grammar from the last accepted token to the first mistake.
class Explainer {
 public:
  Explainer(std::string_view file, const JsonProgress& progress)
      : file_(file), cursor_(progress.cursor), after_(progress.after), open_(progress.open) {}

  Diagnostic explain();

 private:
  bool in_object() const { return open_ != nullptr && open_->kind == JsonNode::Kind::kObject; }
  char closing() const { return in_object() ? '}' : ']'; }
  std::string_view container() const { return in_object() ? "object" : "array"; }

  Diagnostic at_start();
  Diagnostic after_key();
  Diagnostic after_value();
  Diagnostic at_key(std::string_view expected);
  Diagnostic at_value(std::string_view expected);
  Diagnostic missing_comma();
  Diagnostic unexpected(std::string_view expected, std::string_view hint);
  Diagnostic string_mistake();
  std::optional<Diagnostic> escape_mistake();
  std::optional<Diagnostic> unicode_escape_mistake();
  Diagnostic at(const JsonCursor& cursor, std::string message, std::string_view hint) const {
    return {locate(file_, cursor.position()), std::move(message), std::string(hint)};
  }

  std::string_view file_;
  JsonCursor cursor_;
  After after_;
  const JsonNode* open_;
};

Diagnostic Explainer::explain() {
  cursor_.skip_trivia();
  switch (after_) {
    case After::kNothing: return at_start();
    case After::kOpening:
      return in_object() ? at_key("a key in double quotes or '}'") : at_value("a value or ']'");
    case After::kKey: return after_key();
    case After::kValue: return after_value();
  }
  return unexpected("a value", kValueHint);
}

Diagnostic Explainer::at_start() {
  if (!cursor_.at_end()) return at_value("a value");
  const bool blank = cursor_.offset() == 0;
  return at(cursor_,
            blank ? "the file is empty" : "the file is empty but for white space and comments",
            "a JSON file holds one value, mostly an object: { ... }");
}

Diagnostic Explainer::after_key() {
  if (cursor_.peek() != ':') return unexpected("':' after the key", kKeyHint);
  cursor_.advance(1);
  cursor_.skip_trivia();
  return at_value("a value after ':'");
}

Diagnostic Explainer::after_value() {
  if (open_ == nullptr) {
    return unexpected("the end of the file",
                      "a file holds one JSON value; more of them go into an array: [ ... ]");
  }
  if (cursor_.peek() != ',') return missing_comma();
  const JsonCursor comma = cursor_;
  cursor_.advance(1);
  cursor_.skip_trivia();
  if (cursor_.peek() == closing()) {
    return at(comma, fmt::format("a comma after the last value of an {}", container()),
              fmt::format("remove this trailing comma: nothing follows it but '{}'", closing()));
  }
  if (cursor_.peek() == ',') return unexpected("a value after ','", "remove one of the two commas");
  return in_object() ? at_key("a key in double quotes after ','") : at_value("a value after ','");
}

Diagnostic Explainer::missing_comma() {
  const std::string expected = fmt::format("',' or '{}' after a value", closing());
  const char found = cursor_.peek();
  if (found == ']' || found == '}') {
    return unexpected(
        expected, fmt::format("the {} that is open here began at line {}, column {}", container(),
                              open_->position.line, open_->position.column));
  }
  if (found == ':' && !in_object()) return unexpected(expected, "keys stand in an object: { ... }");
  const bool value_follows = found == '"' || found == '{' || found == '[' || found == '-' ||
                             is_ascii_digit(found) || is_json_literal(json_word(cursor_.rest()));
  return unexpected(expected,
                    value_follows
                        ? "put a comma between this and the value before it"
                        : "a comma stands between two values, a closing bracket behind the last");
}

Diagnostic Explainer::at_key(std::string_view expected) {
  if (cursor_.peek() == '"') return string_mistake();
  const std::string_view word = json_word(cursor_.rest());
  if (word.empty()) return unexpected(expected, kKeyHint);
  return unexpected(expected, fmt::format("write \"{}\"", shortened(word)));
}

Diagnostic Explainer::at_value(std::string_view expected) {
  const char first = cursor_.peek();
  if (first == '"') return string_mistake();
  const std::string_view rest = cursor_.rest();
  const bool fraction = first == '.' && rest.size() > 1 && is_ascii_digit(rest[1]);
  if (is_ascii_digit(first) || first == '-' || first == '+' || fraction) {
    return explain_json_number(file_, cursor_.position(), json_word(rest));
  }
  const std::string hint = json_word_hint(json_word(rest));
  return unexpected(expected, hint.empty() ? kValueHint : hint);
}

Diagnostic Explainer::unexpected(std::string_view expected, std::string_view hint) {
  if (cursor_.rest().starts_with("/*")) {
    return at(cursor_, "the comment that begins here is not closed", "close it with */");
  }
  const std::string message =
      fmt::format("expected {}, found {}", expected, describe_found(cursor_));
  if (cursor_.at_end() && open_ != nullptr) {
    return at(cursor_, message,
              fmt::format("the {} that began at line {}, column {} is not closed", container(),
                          open_->position.line, open_->position.column));
  }
  const std::string_view symbol = symbol_hint(cursor_);
  return at(cursor_, message, symbol.empty() ? hint : symbol);
}

/// The first mistake in the string that begins at the cursor.
Diagnostic Explainer::string_mistake() {
  const JsonCursor begin = cursor_;
  cursor_.advance(1);
  for (;;) {
    switch (cursor_.peek()) {
      case '\0':  // the end: a text with NUL octets never comes here
        return at(begin, "the string that begins here is not closed", kUnclosedHint);
      case '\n':
      case '\r':
        return at(begin, "the string that begins here does not end on its line", kUnclosedHint);
      case '\t': return at(cursor_, "a TAB character in a string", "write it as \\t");
      case '"': return at(begin, "this string cannot be read", kStraightQuotes);
      case '\\':
        if (auto mistake = escape_mistake()) return *std::move(mistake);
        break;
      default: cursor_.advance(1);
    }
  }
}

/// What is wrong with the escape at the cursor; where nothing is, the cursor moves behind it.
std::optional<Diagnostic> Explainer::escape_mistake() {
  const std::string_view rest = cursor_.rest();
  if (rest.size() > 1 && rest[1] == 'u') return unicode_escape_mistake();
  // Behind a backslash at the end of the line or of the file, the missing quote is the mistake.
  const bool ends_here = rest.size() == 1 || rest[1] == '\n' || rest[1] == '\r';
  if (ends_here) {
    cursor_.advance(1);
    return std::nullopt;
  }
  if (std::string_view("\"\\/bfnrt").find(rest[1]) != std::string_view::npos) {
    cursor_.advance(2);
    return std::nullopt;
  }
  const auto character = decode_utf8(rest, 1);
  const std::size_t length = character ? character->length : 1;
  return at(
      cursor_, fmt::format("'{}' is no escape of JSON", printable(rest.substr(0, 1 + length))),
      "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u0000; a backslash is written \\\\");
}

bool is_hex_digit(char letter) {
  return is_ascii_digit(letter) || (letter >= 'a' && letter <= 'f') ||
         (letter >= 'A' && letter <= 'F');
}

/// The value of the \uXXXX at the beginning of `text`; nullopt where none is.
std::optional<unsigned> escaped_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  const std::string_view digits = text.substr(2, 4);
  if (!std::all_of(digits.begin(), digits.end(), is_hex_digit)) return std::nullopt;
  return static_cast<unsigned>(std::stoul(std::string(digits), nullptr, 16));
}

std::optional<Diagnostic> Explainer::unicode_escape_mistake() {
  const std::string_view rest = cursor_.rest();
  const auto unit = escaped_unit(rest);
  if (!unit) {
    return at(cursor_, "\\u without four hexadecimal digits after it", "write it like \\u00e9");
  }
  if (*unit < 0xd800 || *unit > 0xdfff) {
    cursor_.advance(6);
    return std::nullopt;
  }
  const auto next = *unit < 0xdc00 ? escaped_unit(rest.substr(6)) : std::nullopt;
  if (next && *next >= 0xdc00 && *next <= 0xdfff) {
    cursor_.advance(12);
    return std::nullopt;
  }
  return at(cursor_,
            fmt::format("'{}' is half of a character (a lone surrogate)", rest.substr(0, 6)),
            "write the character itself, or both halves, like \\ud83d\\ude00");
}

}  // namespace

Diagnostic explain_bad_octet(std::string_view file, const JsonCursor& cursor) {
  const auto octet = static_cast<unsigned char>(cursor.peek());
  const SourceLocation where = locate(file, cursor.position());
  if (octet >= 0x80) {
    return {where, fmt::format("the octet 0x{:02x} is not valid UTF-8 here", octet),
            "save the file as UTF-8 (without BOM)"};
  }
  return {where, fmt::format("a control character, U+{:04X}", octet),
          octet == 0 ? "a text holds no NUL; in a string it is written \\u0000"
                     : fmt::format("remove it; in a string it is written \\u{:04x}", octet)};
}

Diagnostic explain_json_mistake(std::string_view file, const JsonProgress& progress) {
  return Explainer(file, progress).explain();
}

}  // namespace dialtone
