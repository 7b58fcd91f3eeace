#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/event_sink.hpp"
#include "harness/model/plan.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/result.hpp"
#include "harness/model/retry.hpp"
#include "harness/model/secrets.hpp"
#include "harness/model/variant.hpp"
#include "harness/net/endpoint.hpp"

namespace dialtone {

struct RunOptions {
  int jobs = 0;  ///< scenarios in flight; 0: what the target bears, at most kDefaultJobs
  double time_scale = 1.0;
  bool fail_fast = false;
  VaryOptions vary{};  ///< each scenario under its variants too, put together into one result
  RetryOptions retry{};
  bool keep_transcripts = false;                         ///< of passing scenarios too
  Duration global_timeout{};                             ///< 0: none
  std::map<std::string, KnownFailure> known_failures{};  ///< by the scenario's id
  std::function<void()> on_tick{};           ///< called a few times a second; may be empty
  EventSink* log = nullptr;                  ///< told of each event as it happens
  std::shared_ptr<const Secrets> secrets{};  ///< that no event and no result holds; may be empty
  std::string today{};  ///< "2026-11-25", local time: known failures may have a last day
};

inline constexpr int kDefaultJobs = 256;

/// Told of each result as it comes, in any order; `index` is its place in the plan.
using OnResult = std::function<void(std::size_t index, const ScenarioResult& result)>;

struct Finished {
  std::vector<ScenarioResult>
      results;             ///< in the plan's order; those that did not finish are missing
  int signal = 0;          ///< that ended the run early; 0 where none did
  bool timed_out = false;  ///< the global time-out ended it
  /// What went wrong with a target after the last scenario, such as a stop that it ignored.
  std::optional<std::string> target_problem;
};

/// Runs the plan on this thread. SIGINT and SIGTERM end it at once, cleanly: what is not finished
/// is not reported (of a scenario under variants: what came of those that ended is), and every
/// process that was launched is gone when this returns.
Finished run_all(const std::vector<PlannedScenario>& plan, Target& target,
                 const RunOptions& options, const OnResult& on_result);

}  // namespace dialtone
