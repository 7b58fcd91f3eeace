#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/model/clock.hpp"

namespace dialtone {

/// Reads a duration with its unit: "200ms", "1.5s", "2m", "50us". Positive or zero, at most 24
/// hours. nullopt on anything else: a bare number has no unit and is refused.
std::optional<Duration> parse_duration(std::string_view text);

/// The shortest exact spelling that parse_duration reads: "200ms", "2s", "1500us".
std::string format_duration(Duration duration);

/// For people: three significant digits and a unit: "0.31 ms", "1.24 s".
std::string humanize(Duration duration);

}  // namespace dialtone
