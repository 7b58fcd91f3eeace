#pragma once

#include <span>

#include "harness/model/step_spec.hpp"

namespace dialtone {

/// Every verb, in the order of the documentation.
std::span<const StepSpec* const> step_registry();

}  // namespace dialtone
