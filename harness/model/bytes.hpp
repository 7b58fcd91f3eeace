#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dialtone {

/// Octets as they travel. Never assumed to be text: what shows them goes through `printable`.
using Bytes = std::string;
using ByteView = std::string_view;

/// Lower-case hex, two digits an octet, separated by single spaces: "c4 e3 ba c3".
std::string to_hex(ByteView bytes);

/// Reads pairs of hex digits; white space between pairs is ignored. nullopt on anything else or on
/// a half pair.
std::optional<Bytes> from_hex(std::string_view text);

/// Standard base64 (RFC 4648 section 4) with padding; white space is ignored. nullopt where it is
/// not base64.
std::optional<Bytes> from_base64(std::string_view text);

/// Offset in octets of the first octet in which the two differ; nullopt where they are equal. Where
/// one is the other's beginning, the offset is the shorter one's length.
std::optional<std::size_t> first_difference(ByteView left, ByteView right);

}  // namespace dialtone
