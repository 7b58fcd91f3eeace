#pragma once

#include <span>
#include <string>

#include "harness/model/step_spec.hpp"

namespace dialtone {

/// What each verb does, its fields and an example, for a terminal of 100 columns.
std::string step_reference_text(std::span<const StepSpec* const> steps);

/// The verbs as a table of Markdown: verb, what it does, fields.
std::string step_reference_markdown(std::span<const StepSpec* const> steps);

}  // namespace dialtone
