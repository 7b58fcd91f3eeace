#pragma once

#include <chrono>

namespace dialtone {

/// Deadlines and event times are monotonic (law 2); wall-clock time is for report headers only.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;
using WallTime = std::chrono::system_clock::time_point;

}  // namespace dialtone
