#pragma once

#include <optional>
#include <string>
#include <variant>

#include "harness/model/framing.hpp"

namespace dialtone {

/// How a server frames its requests, as somebody has typed it.
struct TypedFraming {
  std::string json{};                ///< as a profile has it; empty: not known
  std::optional<Framing> framing{};  ///< nullopt: not known
};

/// "line", "oneshot", "oneshot:1024", "until_eof", "fixed:16", "delimiter:\r\n" (octet escapes),
/// "length_prefix:4", "length_prefix:2,little,whole", or "unknown". Else why it is none, for a
/// person.
std::variant<TypedFraming, std::string> parse_framing(const std::string& typed);

}  // namespace dialtone
