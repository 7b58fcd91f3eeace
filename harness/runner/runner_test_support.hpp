#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/plan.hpp"
#include "harness/model/profile.hpp"
#include "harness/runner/run_all.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {

/// What a step of a test does.
using Act = std::function<Task<StepOutcome>(Session&)>;

/// A scenario of one step that acts so; its id is "S0", "S1", ... by its place in the suite.
struct ActedScenario {
  Act act;
  Level level = Level::kMust;
};
std::shared_ptr<const Suite> acted_suite(std::vector<ActedScenario> scenarios);

/// Steps that end at once.
Act passing();
Act failing();

/// Fails the first `times`, then passes.
Act failing_at_first(int times);

/// Gives no verdict the first `times`, as if the harness had stood still, then passes.
Act stalled_at_first(int times);

/// All of the suite's scenarios, `repeat` times.
std::vector<PlannedScenario> plan_of(const std::shared_ptr<const Suite>& suite, int repeat = 1);

/// A suite from JSON: one scenario "S0", "S1", ... for each list of steps (without its brackets).
std::shared_ptr<const Suite> suite_of_scenarios(const std::vector<std::string>& steps,
                                                std::string_view extra = {});

/// "S0 pass", "S1 fail Timeout", in the order of the results.
std::vector<std::string> outcomes_of(const std::vector<ScenarioResult>& results);

/// Launched servers: a Python program in a folder of its own, which goes with this.
class ServerProgram {
 public:
  ServerProgram();
  ~ServerProgram();
  ServerProgram(const ServerProgram&) = delete;
  ServerProgram& operator=(const ServerProgram&) = delete;

  /// The profile that launches it; `mode` as the program explains, `extra`: more keys, each with
  /// its comma.
  Profile profile(std::string_view mode, std::string_view start_extra = {},
                  std::string_view extra = {}) const;
  /// One that launches this command line (JSON strings, without the brackets) instead.
  Profile profile_of_command(std::string_view words, std::string_view start_extra = {},
                             std::string_view extra = {}) const;

  std::string file(const std::string& name, std::string_view text) const;

 private:
  std::filesystem::path folder_;
};

/// Runs all against a launched target.
Finished run_process(
    const Profile& profile, const std::shared_ptr<const Suite>& suite, int repeat = 1,
    const OnResult& on_result = [](std::size_t, const ScenarioResult&) {});

/// These, and "ipv6_host" where this host has IPv6: every target that is reached over a network
/// provides it.
std::set<std::string> with_ipv6_host(std::set<std::string> names);

/// Whether this process has no child, not even a zombie.
bool has_no_child();

}  // namespace dialtone
