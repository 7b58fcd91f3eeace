#pragma once

#include <optional>
#include <string_view>

namespace dialtone {

/// "12" or "12+2": whole numbers, zero or more, joined by '+', at most kLargestInteger in all.
/// nullopt for anything else.
std::optional<int> read_sum(std::string_view text);

}  // namespace dialtone
