#pragma once

#include <optional>
#include <string_view>

#include "harness/net/process.hpp"
#include "harness/net/task.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

/// What it means for a step that needs a running program: a failure where it has ended, nullopt
/// where it runs.
std::optional<StepOutcome> program_ended(Process& process, std::string_view name);

/// The same, for a program that the kernel has just shown nothing of: its end may be told a moment
/// later.
Task<std::optional<StepOutcome>> program_ended_soon(Process& process, std::string_view name);

}  // namespace dialtone
