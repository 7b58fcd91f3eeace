#pragma once

#include <string>

#include "harness/model/plan.hpp"
#include "harness/model/result.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {

/// Runs one planned scenario from its endpoint's start to its stop. Never throws: what nobody
/// foresaw becomes an error. Frees all that the scenario held, whatever became of it.
Task<ScenarioResult> run_scenario(const Surroundings& surroundings, PlannedScenario planned,
                                  std::string loopback);

}  // namespace dialtone
