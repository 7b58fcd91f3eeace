#pragma once

#include <string>

#include "harness/model/result.hpp"
#include "reports/difference.hpp"
#include "reports/line.hpp"

namespace dialtone {

/// One line: "step 3: octets differ at offset 4"; without a step where none is to blame.
std::string headline(const ScenarioResult& result);

/// What a person needs to judge the problem: the place in the file, the step's text, expected
/// against actual, the requirement and its source. `root` as in ReportOptions.
Lines render_evidence(const ScenarioResult& result, const DifferenceStyle& style,
                      const std::string& root = {});

}  // namespace dialtone
