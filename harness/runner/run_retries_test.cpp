// --retries, of run_all().
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "harness/runner/run_all.hpp"
#include "harness/runner/runner_test_support.hpp"
#include "harness/steps/outcome.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Finished run(
    const std::shared_ptr<const Suite>& suite, const RunOptions& options,
    const OnResult& on_result = [](std::size_t, const ScenarioResult&) {}) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  return run_all(plan_of(suite), *target, options, on_result);
}

RunOptions retrying(int retries) {
  RunOptions options;
  options.retry.retries = retries;
  return options;
}

TEST(RunRetriesTest, WhatFailsIsRunAgainAndKeepsItsAttempts) {
  int told = 0;
  const auto suite = acted_suite(
      {{failing_at_first(2)}, {passing()}, {failing_at_first(3)}, {failing_at_first(1)}});
  const auto finished =
      run(suite, retrying(2), [&](std::size_t, const ScenarioResult&) { ++told; });
  ASSERT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 pass", "S1 pass", "S2 fail Wrong", "S3 pass"));
  ASSERT_THAT(outcomes_of(finished.results[0].attempts),
              ElementsAre("S0 fail Wrong", "S0 fail Wrong"));
  EXPECT_THAT(finished.results[1].attempts, IsEmpty());
  EXPECT_THAT(finished.results[2].attempts, SizeIs(2));
  EXPECT_TRUE(is_flaky(finished.results[3]));
  EXPECT_EQ(told, 4);
}

TEST(RunRetriesTest, WithoutRetriesNothingIsRunAgain) {
  const auto finished = run(acted_suite({{failing_at_first(1)}}), {});
  ASSERT_THAT(outcomes_of(finished.results), ElementsAre("S0 fail Wrong"));
  EXPECT_THAT(finished.results[0].attempts, IsEmpty());
}

TEST(RunRetriesTest, ARunThatEndsAtTheFirstFailureEndsAtTheLastAttempt) {
  auto options = retrying(1);
  options.jobs = 1;
  options.fail_fast = true;
  const auto suite = acted_suite({{failing_at_first(1)}, {failing()}, {passing()}});
  ASSERT_THAT(outcomes_of(run(suite, options).results), ElementsAre("S0 pass", "S1 fail Wrong"));
}

TEST(RunRetriesTest, AKnownFailureIsNotRunAgain) {
  auto options = retrying(3);
  options.known_failures = {{"S0", {"ticket 1", "", {}}}};
  const auto finished = run(acted_suite({{failing_at_first(1)}}), options);
  ASSERT_THAT(outcomes_of(finished.results), ElementsAre("S0 known Wrong"));
}

TEST(RunRetriesTest, ARunForNothingIsNoRetry) {
  auto options = retrying(1);
  const auto finished = run(acted_suite({{stalled_at_first(2)}, {stalled_at_first(3)}}), options);
  ASSERT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 error HarnessStalled"));
  EXPECT_THAT(finished.results[0].attempts, IsEmpty());
  EXPECT_THAT(finished.results[1].attempts, IsEmpty());
  EXPECT_EQ(finished.results[0].stalled_runs, 2);
}

TEST(RunRetriesTest, WhatIsInterruptedInARetryHasTheVerdictThatItGot) {
  const Act fails_and_hangs =
      [runs = std::make_shared<int>(0)](Session& session) -> Task<StepOutcome> {
    if ((*runs)++ < 2) co_return failed("Wrong", "it is wrong");
    std::raise(SIGINT);
    co_await session.loop().sleep_until(Clock::now() + hours(1));
    co_return Passed{};
  };
  int told = 0;
  const auto finished = run(acted_suite({{fails_and_hangs}}), retrying(5),
                            [&](std::size_t, const ScenarioResult&) { ++told; });
  EXPECT_EQ(finished.signal, SIGINT);
  ASSERT_THAT(outcomes_of(finished.results), ElementsAre("S0 fail Wrong"));
  EXPECT_THAT(finished.results[0].attempts, SizeIs(1));
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace dialtone
