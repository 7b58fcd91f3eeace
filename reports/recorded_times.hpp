#pragma once

#include <iosfwd>
#include <string>
#include <variant>

#include "harness/model/diagnostic.hpp"
#include "harness/model/divide.hpp"

namespace dialtone {

/// How long each scenario of an earlier run took, on average over its repetitions: from its event
/// log, or from its report `json`. What is neither gives its first mistake; `file` is its name in
/// there.
std::variant<ScenarioTimes, Diagnostic> read_times(const std::string& file, std::istream& in);

}  // namespace dialtone
