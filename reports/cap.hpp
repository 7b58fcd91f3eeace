#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dialtone {

/// `text` (UTF-8) in at most `limit` octets: where it is longer, its head, a line that says how
/// many octets were left out, and its tail. Never cuts a character. `limit` must be large enough
/// for the marker (100 is).
std::string cap_middle(std::string_view text, std::size_t limit);

/// The head of `text` in at most `limit` octets, with "..." where something was cut. Never cuts a
/// character.
std::string cap_end(std::string_view text, std::size_t limit);

/// What a program or a peer wrote, printable, with its lines, in at most `limit` octets.
std::string printable_lines(std::string_view octets, std::size_t limit);

}  // namespace dialtone
