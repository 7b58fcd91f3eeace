#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/diagnostic.hpp"

namespace dialtone {

/// A place in a text, counted as in `SourceLocation`: both from 1, columns in characters.
struct Position {
  int line = 0;
  int column = 0;

  bool operator==(const Position&) const = default;
};

/// One value of a JSON file, and the place of its first character, so that whatever is found wrong
/// with it later still has a line and a column. Which of the value fields counts follows from
/// `kind`.
struct JsonNode {
  enum class Kind { kNull, kBoolean, kInteger, kNumber, kString, kArray, kObject };
  struct Member;

  Kind kind = Kind::kNull;
  Position position;
  bool boolean = false;
  std::int64_t integer = 0;     // kInteger: written without fraction and exponent
  double number = 0;            // kNumber, and kInteger's value too
  std::string string;           // kString: UTF-8, escapes resolved
  std::vector<JsonNode> items;  // kArray
  std::vector<Member> members;  // kObject, in the file's order

  /// The value of `key` (the first, where the file repeats it); nullptr where there is none or this
  /// is no object.
  const JsonNode* find(std::string_view key) const;
};

struct JsonNode::Member {
  std::string key;
  Position key_position;
  JsonNode value;
};

/// What to call it in a message: "a string", "an object", "an array", "a number", "true or false",
/// "null".
std::string_view kind_name(JsonNode::Kind kind);

/// `position` as a place in `file`.
SourceLocation locate(std::string_view file, Position position);

/// Arrays and objects may stand in each other this deep.
constexpr std::size_t kMaxJsonDepth = 64;

/// Reads one JSON document (RFC 8259; `//` and `/* */` comments count as white space) in UTF-8.
/// Every mistake is appended to `diagnostics` in the order of the text. A mistake of syntax ends
/// the reading: nullopt. A repeated key or a whole number that does not fit into 64 bits is
/// reported and read on (the number is cut to the nearest that fits), so a caller that needs a
/// faultless file looks at `diagnostics`, not only at the result.
std::optional<JsonNode> parse_json(std::string_view file_name, std::string_view text,
                                   Diagnostics& diagnostics);

}  // namespace dialtone
