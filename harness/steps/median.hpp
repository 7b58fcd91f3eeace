#pragma once

#include <string_view>
#include <vector>

#include "harness/steps/session.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

/// A median of fewer says nothing (HAR-17).
inline constexpr int kFewestForMedian = 10;

/// The middle one in order of length; of an even number the longer of the two in the middle. There
/// must be one.
Duration median_of(std::vector<Duration> lengths);

/// Notes the median of these waits, and fails where it is above `limit`. Where it is not once our
/// own stalls are left out of them, there is no verdict. `what`: "round trips".
StepOutcome judge_median(Session& session, const std::vector<TimedWait>& waits, Duration limit,
                         std::string_view what);

}  // namespace dialtone
