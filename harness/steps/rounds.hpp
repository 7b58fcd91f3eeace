#pragma once

#include <string>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/step_reader.hpp"

namespace dialtone {

/// What `${NAME}` in the "steps" of a `repeat` or an `each_cut` counts by: its "as", else "round"
/// or "cut". Empty for other objects.
std::string counting_name(const JsonNode& step);

/// The "steps" of such a step, once for each number from 1 to `rounds`, which stands for the name
/// that it counts by. A step inside that counts by the same name keeps it.
std::vector<ExpandedStep> rounds_of(StepReader& reader, int rounds);

}  // namespace dialtone
