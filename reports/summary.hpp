#pragma once

#include <string>

#include "harness/model/result.hpp"

namespace dialtone {

/// "48 scenarios: 47 passed, 1 failed, 0 skipped in 0.42 s"; with --repeat "24000 runs of 48
/// scenarios: ..."; where some passed only when they were run again "47 passed (2 flaky)". Warnings
/// and errors are named only where there are any.
std::string summary_line(const RunResult& run);

/// The ids of what did not pass, in order, on one line: "failed: ART-09, ROB-03"; empty where all
/// passed. Warnings are among them only in a strict run.
std::string failed_line(const RunResult& run);

}  // namespace dialtone
