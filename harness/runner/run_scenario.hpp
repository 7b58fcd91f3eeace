#pragma once

#include <string>

#include "harness/model/event_sink.hpp"
#include "harness/model/plan.hpp"
#include "harness/model/result.hpp"
#include "harness/model/secrets.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {

/// Runs one planned scenario from its endpoint's start to its stop. Never throws: what nobody
/// foresaw becomes an error. Frees all that the scenario held, whatever became of it. `varied`: the
/// variant that it runs under, and where what it met is noted; nullptr for none. `log`: told of
/// each event. `secrets`, which must outlive the run: what neither the log nor the result may hold;
/// nullptr for none.
Task<ScenarioResult> run_scenario(const Surroundings& surroundings, PlannedScenario planned,
                                  std::string loopback, VariedRun* varied = nullptr,
                                  LoggedRun log = LoggedRun(), const Secrets* secrets = nullptr);

}  // namespace dialtone
