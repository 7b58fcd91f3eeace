#pragma once

#include "harness/model/event.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/log_fields.hpp"

/// The way back from log_json.hpp: each throws BadLog.
namespace dialtone {

/// What is known of a run before it begins.
RunResult read_head(const Fields& fields);
/// Without its scenarios.
Suite read_suite(const Fields& fields);
/// `file`: the suite's. Its steps have their text, but nothing that could be run.
Scenario read_definition(const Fields& fields, const std::string& file);
Event read_event(const Fields& fields);
/// Without suite, scenario and transcript. `file`: the suite's.
ScenarioResult read_result(const Fields& fields, const std::string& file);

}  // namespace dialtone
