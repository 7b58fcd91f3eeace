#pragma once

#include <string_view>

namespace dialtone {

/// The type of the problem of a scenario that was under way when its run was killed: what its log
/// has of it is shown, and it has no verdict.
inline constexpr std::string_view kUnderWay = "UnderWay";

}  // namespace dialtone
