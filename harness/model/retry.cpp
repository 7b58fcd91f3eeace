#include "harness/model/retry.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/model/known_failures.hpp"

namespace dialtone {
namespace {

/// The evidence is that of the last failure: a pass has none.
void fail_as(ScenarioResult& result, const ScenarioResult& failure) {
  result.verdict = failure.verdict;
  result.problem = failure.problem;
  result.problem.type = kFlaky;
  result.problem.message = fmt::format("flaky: it passed at attempt {}, and failed before: {}",
                                       result.attempts.size() + 1, failure.problem.message);
  result.failed_step = failure.failed_step;
  result.where = failure.where;
}

}  // namespace

bool may_turn(const ScenarioResult& result, const RetryOptions& options) {
  switch (result.verdict) {
    case Verdict::kPass:
    case Verdict::kKnown:
    case Verdict::kSkip: return false;
    case Verdict::kWarn: return options.strict;
    case Verdict::kFail: return result.problem.type != kKnownFailurePassed;
    case Verdict::kError: return result.problem.type != kHarnessStalled;
  }
  return false;
}

void join_attempts(ScenarioResult& result, std::vector<ScenarioResult> attempts,
                   const RetryOptions& options) {
  result.attempts = std::move(attempts);
  if (options.fail_flaky && is_flaky(result)) fail_as(result, result.attempts.back());
}

}  // namespace dialtone
