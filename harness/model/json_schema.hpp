#pragma once

#include <span>
#include <string>

#include "harness/model/step_spec.hpp"

namespace dialtone {

/// The JSON Schema (draft-07, which editors know) of a suite, made from what the loader reads
/// suites by: suite_keys() and its like, the fields of `steps`, the encodings and capabilities.
/// Indented by two spaces, in a stable order, ended by LF. It knows less than the loader: not which
/// names were given, that a duration is 24h at most, what a variable holds.
std::string json_schema(std::span<const StepSpec* const> steps);

}  // namespace dialtone
