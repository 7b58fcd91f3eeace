#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// Octets as somebody typed them into a terminal.
struct Unescaped {
  Bytes octets;
};

/// Reads `\n`, `\r`, `\t`, `\0`, `\\` and `\xNN` (two hex digits, always) as C does; all else
/// stands for itself. The error is a text: "'\q' is no escape".
std::variant<Unescaped, std::string> unescape(std::string_view typed);

}  // namespace dialtone
