#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <asio/basic_waitable_timer.hpp>
#include <asio/co_spawn.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

using Branch = std::vector<PlannedStep>;

/// What the branches of one run share. It outlives the run where that is destroyed early.
struct Race {
  explicit Race(Loop& loop, std::size_t branches) : running(branches), over(loop.executor()) {
    over.expires_at(TimePoint::max());
  }

  std::size_t running;
  std::optional<StepOutcome> worst;
  std::exception_ptr trouble;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> over;
};

Problem& problem_of(StepOutcome& outcome) {
  if (auto* failure = std::get_if<Failed>(&outcome)) return failure->problem;
  return std::get<Impossible>(outcome).problem;
}

Task<> run_branch(const Branch& branch, Session& session, std::shared_ptr<Race> race) {
  for (const auto& planned : branch) {
    auto outcome = co_await planned.step->run(session);
    if (std::holds_alternative<Passed>(outcome)) continue;
    auto& problem = problem_of(outcome);
    if (problem.step.empty()) {
      problem.step = planned.text;
      problem.where = planned.where;
    }
    problem.message = fmt::format("{} ({}): {}", planned.label, planned.text, problem.message);
    if (!race->worst) race->worst = std::move(outcome);
    co_return;
  }
}

class Parallel : public Step {
 public:
  explicit Parallel(std::vector<Branch> branches) : branches_(std::move(branches)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto race = std::make_shared<Race>(session.loop(), branches_.size());
    for (const auto& branch : branches_) {
      asio::co_spawn(session.loop().executor(), run_branch(branch, session, race),
                     [race](const std::exception_ptr& error) {
                       if (error && !race->trouble) race->trouble = error;
                       if (--race->running == 0) race->over.cancel();
                     });
    }
    while (race->running > 0) co_await race->over.async_wait(kAwait);
    if (race->trouble) std::rethrow_exception(race->trouble);
    if (race->worst) co_return std::move(*race->worst);
    co_return Passed{};
  }

  int descriptors() const override {
    int sum = 0;
    for (const auto& branch : branches_)
      for (const auto& planned : branch) sum += planned.step->descriptors();
    return sum;
  }

 private:
  std::vector<Branch> branches_;
};

std::shared_ptr<const Step> parse_parallel(StepReader& reader) {
  return std::make_shared<Parallel>(reader.branches("parallel"));
}

constexpr std::array kFields{
    Field{"parallel", FieldType::kBranches, "the branches, each a list of steps", true},
};

}  // namespace

extern const StepSpec kParallel{
    .verb = "parallel",
    .summary =
        "Runs lists of steps side by side and waits for all of them. The first that fails is told.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "parallel": [[{ "send": "a", "on": "a" }], [{ "expect": "b", "on": "b" }]] })",
    .parse = parse_parallel};

}  // namespace dialtone
