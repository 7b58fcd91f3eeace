#include "harness/runner/run_scenario.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/masked_run.hpp"
#include "harness/steps/outcome.hpp"

namespace dialtone {
namespace {

constexpr Duration kDeathGrace = std::chrono::milliseconds(100);
constexpr Duration kMostStalled = std::chrono::milliseconds(500);

Verdict verdict_of_failure(Level level) {
  return level == Level::kMust ? Verdict::kFail : Verdict::kWarn;
}

void judge(ScenarioResult& result, StepOutcome outcome) {
  if (auto* failure = std::get_if<Failed>(&outcome)) {
    result.verdict = verdict_of_failure(result.scenario->level);
    result.problem = std::move(failure->problem);
  } else if (auto* problem = std::get_if<Impossible>(&outcome)) {
    result.verdict = Verdict::kError;
    result.problem = std::move(problem->problem);
  }
}

Task<StepOutcome> run_step(const PlannedStep& planned, Session& session) {
  std::string what;
  try {
    co_return co_await planned.step->run(session);
  } catch (const std::exception& error) {
    what = error.what();
  }
  co_return impossible("Internal", fmt::format("the harness failed: {}", what));
}

/// A server that died explains more than the reset that its client saw. The kernel closes its
/// sockets a moment before it shows that it ended.
Task<> add_death(ScenarioResult& result, Endpoint& endpoint) {
  auto* process = endpoint.process();
  if (process == nullptr || result.verdict == Verdict::kPass) co_return;
  co_await process->wait_exit(Clock::now() + kDeathGrace);
  const auto status = process->exit_status();
  if (status)
    result.problem.message += fmt::format("; the target had ended by then: {}", to_string(*status));
}

/// An error that nobody handled ends many a server after it has answered. That is no verdict on
/// what was asked of it, but whoever looks should see it.
void note_own_end(const ScenarioResult& result, Session& session, Endpoint& endpoint) {
  auto* process = endpoint.process();
  if (process == nullptr || result.verdict != Verdict::kPass || process->was_told_to_end()) return;
  const auto status = process->exit_status();
  if (status && *status != ExitStatus{})
    session.recorder().note(fmt::format("the target had ended by itself: {}", to_string(*status)));
}

/// What fails after a split that could not be shown to have happened may be the kernel's doing.
StepOutcome unless_unshown(StepOutcome outcome, const Session& session) {
  auto* failure = std::get_if<Failed>(&outcome);
  if (failure == nullptr || !session.has_unshown_split()) return outcome;
  Impossible unknown{std::move(failure->problem)};
  unknown.problem.type = "SplitNotShown";
  unknown.problem.message +=
      "; but the kernel does not show whether the pieces before it arrived one by one";
  return unknown;
}

/// A peer has clocks of its own, which ran on while the harness stood still: that it gave up then
/// is no fault of its.
StepOutcome unless_stalled(StepOutcome outcome, Duration stalled) {
  auto* failure = std::get_if<Failed>(&outcome);
  if (failure == nullptr || stalled < kMostStalled) return outcome;
  Impossible unknown{std::move(failure->problem)};
  unknown.problem.type = std::string(kHarnessStalled);
  unknown.problem.message +=
      fmt::format("; but the harness itself did not run for {} of this scenario, which may be why",
                  humanize(stalled));
  return unknown;
}

Task<> run_steps(ScenarioResult& result, Session& session) {
  const auto& steps = result.scenario->steps;
  const auto stalled_before = session.loop().stalls().total();
  const auto judge_fairly = [&](StepOutcome outcome) {
    const auto stalled = session.loop().stalls().total() - stalled_before;
    judge(result, unless_stalled(unless_unshown(std::move(outcome), session), stalled));
  };
  for (std::size_t i = 0; i < steps.size() && result.verdict == Verdict::kPass; ++i) {
    session.recorder().set_step(static_cast<int>(i));
    judge_fairly(co_await run_step(steps[i], session));
    if (result.verdict == Verdict::kPass) continue;
    result.failed_step = static_cast<int>(i);
    result.where = result.problem.where.value_or(steps[i].where);
  }
  if (result.verdict != Verdict::kPass || result.scenario->ignore_leftover) co_return;
  auto leftover = session.leftover();
  if (leftover) judge_fairly(std::move(*leftover));
}

Task<> stop(ScenarioResult& result, Endpoint& endpoint) {
  const auto problem = co_await endpoint.stop();
  if (problem && result.verdict == Verdict::kPass) {
    judge(result, impossible("TargetDidNotStop", *problem));
  }
  auto* process = endpoint.process();
  if (process == nullptr) co_return;
  // Asked once it has ended: the kernel closes its sockets a moment before it shows its end.
  const auto crash = process->crash();
  if (crash && result.verdict == Verdict::kPass) {
    judge(result, failed("TargetCrashed", fmt::format("every step held, but the target died: {}",
                                                      to_string(*crash))));
  }
  const auto output = process->output();
  const auto status = process->exit_status();
  result.outputs.push_back(
      {"target", output.out, output.err, status ? to_string(*status) : std::string()});
}

Task<> run_against(const Surroundings& surroundings, ScenarioResult& result, std::string loopback,
                   VariedRun* varied, LoggedRun log) {
  const auto endpoint =
      surroundings.target->acquire(*surroundings.loop, *result.scenario, loopback);
  Session session(surroundings, *result.scenario, *endpoint, std::move(loopback));
  session.recorder().log_to(log);
  if (varied != nullptr) session.vary(*varied);
  auto not_ready = co_await endpoint->start(session.recorder());
  if (not_ready) {
    judge(result, impossible("TargetNotReady", std::move(*not_ready)));
  } else {
    co_await run_steps(result, session);
    co_await add_death(result, *endpoint);
    note_own_end(result, session, *endpoint);
  }
  result.outputs = co_await session.end();
  co_await stop(result, *endpoint);
  result.transcript = session.recorder().take();
}

}  // namespace

Task<ScenarioResult> run_scenario(const Surroundings& surroundings, PlannedScenario planned,
                                  std::string loopback, VariedRun* varied, LoggedRun log,
                                  const Secrets* secrets) {
  ScenarioResult result;
  result.suite = std::move(planned.suite);
  result.scenario = planned.scenario;
  result.repetition = planned.repetition;
  result.run = log.number;
  result.where = planned.scenario->where;
  result.started = std::chrono::system_clock::now();
  if (planned.skip_reason) {
    result.problem.message = std::move(*planned.skip_reason);
    co_return result;
  }
  result.verdict = Verdict::kPass;
  std::optional<MaskedRun> masked;
  if (secrets != nullptr) log = {&masked.emplace(*secrets, log), log.number};
  const auto begin = Clock::now();
  std::optional<std::string> what;
  try {
    co_await run_against(surroundings, result, std::move(loopback), varied, log);
  } catch (const std::exception& error) {
    what = error.what();
  }
  if (what) judge(result, impossible("Internal", fmt::format("the harness failed: {}", *what)));
  result.took = Clock::now() - begin;
  if (masked) masked->finish(result);
  co_return result;
}

}  // namespace dialtone
