#pragma once

#include <cstddef>
#include <string_view>

namespace dialtone {

/// Columns that `text` (printable UTF-8) takes on a terminal: two for wide East Asian characters
/// and emoji, none for combining marks, one for the rest (Unicode Standard Annex 11, W and F).
/// Ambiguous ones count as narrow.
std::size_t display_width(std::string_view text);

}  // namespace dialtone
