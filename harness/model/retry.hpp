#pragma once

#include <vector>

#include "harness/model/result.hpp"

namespace dialtone {

/// --retries: a scenario that fails is run again.
struct RetryOptions {
  int retries = 0;          ///< so often at the most
  bool strict = false;      ///< a warning is a failure too
  bool fail_flaky = false;  ///< one that passes at last counts as its last failure
};

/// Whether another run might turn it. What got no verdict because the harness stood still was run
/// again for that reason, and a known failure that passes did pass.
bool may_turn(const ScenarioResult& result, const RetryOptions& options);

/// `result` is the last of its runs; `attempts`, all failed, came before it.
void join_attempts(ScenarioResult& result, std::vector<ScenarioResult> attempts,
                   const RetryOptions& options);

}  // namespace dialtone
