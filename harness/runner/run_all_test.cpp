#include "harness/runner/run_all.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <vector>

#include "harness/runner/runner_test_support.hpp"
#include "harness/steps/outcome.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const OnResult kIgnore = [](std::size_t, const ScenarioResult&) {};

Finished run(const std::shared_ptr<const Suite>& suite, RunOptions options = {},
             const OnResult& on_result = kIgnore, int repeat = 1) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  return run_all(plan_of(suite, repeat), *target, options, on_result);
}

/// Passes once `condition` holds.
Act awaiting(std::function<bool()> condition) {
  return [condition = std::move(condition)](Session& session) -> Task<StepOutcome> {
    const bool held = co_await session.poll(session.deadline(std::nullopt), condition);
    if (held) co_return Passed{};
    co_return failed("Timeout", "the condition never held");
  };
}

Act endless() {
  return [](Session& session) -> Task<StepOutcome> {
    co_await session.loop().sleep_until(Clock::now() + hours(1));
    co_return Passed{};
  };
}

TEST(RunAllTest, KnownFailuresAreKnownAndThoseThatPassFail) {
  const auto suite = acted_suite({{failing()}, {passing()}, {failing()}, {passing()}, {failing()}});
  RunOptions options;
  options.known_failures = {{"S0", {"ticket 1", "", {}}},
                            {"S1", {"ticket 2", "", {"p.json", 3, 4}}},
                            {"S4", {"ticket 3", "2026-11-24", {}}}};
  options.today = "2026-11-25";
  std::vector<Verdict> told;
  const auto finished = run(suite, options, [&](std::size_t, const ScenarioResult& result) {
    told.push_back(result.verdict);
  });
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 known Wrong", "S1 fail KnownFailurePassed", "S2 fail Wrong",
                          "S3 pass", "S4 fail Wrong"));
  EXPECT_EQ(finished.results[0].known_reason, "ticket 1");
  EXPECT_EQ(finished.results[1].where, (SourceLocation{"p.json", 3, 4}));
  EXPECT_THAT(told, testing::Contains(Verdict::kKnown));  // the console is told the same
}

TEST(RunAllTest, AKnownFailureDoesNotEndARunThatEndsAtTheFirstFailure) {
  const auto suite = acted_suite({{failing()}, {passing()}});
  RunOptions options;
  options.jobs = 1;
  options.fail_fast = true;
  options.known_failures = {{"S0", {"ticket 1", "", {}}}};
  EXPECT_THAT(outcomes_of(run(suite, options).results), ElementsAre("S0 known Wrong", "S1 pass"));
}

TEST(RunAllTest, ResultsStandInTheOrderOfTheFilesWhateverOrderTheyEndIn) {
  std::vector<std::size_t> ended;
  const auto has_ended = [&](std::size_t index) {
    return [&ended, index] { return std::ranges::find(ended, index) != ended.end(); };
  };
  const auto suite = acted_suite({{awaiting(has_ended(1))}, {awaiting(has_ended(2))}, {passing()}});
  const auto finished =
      run(suite, {}, [&](std::size_t index, const ScenarioResult&) { ended.push_back(index); });
  EXPECT_THAT(ended, ElementsAre(2, 1, 0));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass", "S2 pass"));
  EXPECT_EQ(finished.signal, 0);
  EXPECT_FALSE(finished.timed_out);
}

TEST(RunAllTest, AnEmptyPlanEnds) { EXPECT_THAT(run(acted_suite({}), {}).results, IsEmpty()); }

TEST(RunAllTest, FailFastStartsNothingMore) {
  RunOptions options;
  options.jobs = 1;
  options.fail_fast = true;
  const auto suite = acted_suite({{passing()}, {failing()}, {passing()}});
  EXPECT_THAT(outcomes_of(run(suite, options).results), ElementsAre("S0 pass", "S1 fail Wrong"));
  options.fail_fast = false;
  EXPECT_THAT(run(suite, options).results, SizeIs(3));
}

TEST(RunAllTest, AWarningDoesNotEndAFailFastRun) {
  RunOptions options;
  options.jobs = 1;
  options.fail_fast = true;
  EXPECT_THAT(run(acted_suite({{failing(), Level::kShould}, {passing()}}), options).results,
              SizeIs(2));
}

class Jobs : public ::testing::TestWithParam<int> {};

TEST_P(Jobs, AreInFlightAtOnceAndNoMore) {
  int running = 0;
  int most = 0;
  const Act act = [&](Session& session) -> Task<StepOutcome> {
    most = std::max(most, ++running);
    co_await session.loop().sleep_until(Clock::now() + milliseconds(1));
    --running;
    co_return Passed{};
  };
  RunOptions options;
  options.jobs = GetParam();
  run(acted_suite(std::vector<ActedScenario>(9, {act})), options);
  EXPECT_EQ(most, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Some, Jobs, ::testing::Values(1, 2, 9));

TEST(RunAllTest, RepetitionsAreNumbered) {
  const auto finished = run(acted_suite({{passing()}, {passing()}}), {}, kIgnore, 3);
  std::vector<std::string> names;
  for (const auto& result : finished.results) names.push_back(display_name(result));
  EXPECT_THAT(names,
              ElementsAre("S0 [1/3]", "S1 [1/3]", "S0 [2/3]", "S1 [2/3]", "S0 [3/3]", "S1 [3/3]"));
}

TEST(RunAllTest, ASkipCarriesItsReason) {
  const auto suite = suite_of_scenarios({R"({"control": "close_listener"})"});
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  const auto finished = run_all(plan({suite}, {}, {}), *target, {}, kIgnore);
  ASSERT_THAT(finished.results, SizeIs(1));
  EXPECT_EQ(finished.results[0].verdict, Verdict::kSkip);
  EXPECT_THAT(finished.results[0].problem.message, ::testing::HasSubstr("control.close_listener"));
}

TEST(RunAllTest, TheTimeScaleReachesTheScenarios) {
  Duration budget{};
  RunOptions options;
  options.time_scale = 2.0;
  run(acted_suite({{[&](Session& session) -> Task<StepOutcome> {
        budget = session.budget(milliseconds(10));
        co_return Passed{};
      }}}),
      options);
  EXPECT_EQ(budget, milliseconds(20));
}

TEST(RunAllTest, TranscriptsOfPassesAreKeptOnlyWhereTheyAreWanted) {
  const Act noting = [](Session& session) -> Task<StepOutcome> {
    session.recorder().note("seen");
    co_return Passed{};
  };
  RunOptions options;
  EXPECT_THAT(run(acted_suite({{noting}}), options).results[0].transcript, IsEmpty());
  options.keep_transcripts = true;
  EXPECT_THAT(run(acted_suite({{noting}}), options).results[0].transcript, SizeIs(1));
}

TEST(RunAllTest, EachScenarioHasALoopbackAddressOfItsOwn) {
  std::set<std::string> seen;
  const Act noting = [&](Session& session) -> Task<StepOutcome> {
    seen.insert(
        std::get<std::string>(session.text(std::get<Template>(Template::parse("${loopback}")))));
    co_return Passed{};
  };
  run(acted_suite(std::vector<ActedScenario>(300, {noting})));
  EXPECT_THAT(seen, SizeIs(300));
  EXPECT_THAT(seen, Each(::testing::StartsWith("127.")));
}

class Interrupted : public ::testing::TestWithParam<int> {};

TEST_P(Interrupted, KeepsWhatWasFinished) {
  bool first_is_over = false;
  const Act interrupting = [&](Session& session) -> Task<StepOutcome> {
    co_await session.poll(session.deadline(std::nullopt), [&] { return first_is_over; });
    std::raise(GetParam());
    co_await session.loop().sleep_until(Clock::now() + hours(1));
    co_return Passed{};
  };
  const auto before = open_descriptors();
  const auto suite = acted_suite({{passing()}, {interrupting}, {endless()}});
  const auto finished = run(
      suite, {}, [&](std::size_t index, const ScenarioResult&) { first_is_over |= index == 0; });
  EXPECT_EQ(finished.signal, GetParam());
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
  EXPECT_EQ(open_descriptors(), before);
}

INSTANTIATE_TEST_SUITE_P(By, Interrupted, ::testing::Values(SIGINT, SIGTERM));

TEST(RunAllTest, TheGlobalTimeOutKeepsWhatWasFinished) {
  RunOptions options;
  options.global_timeout = milliseconds(100);
  const auto finished = run(acted_suite({{passing()}, {endless()}}), options);
  EXPECT_TRUE(finished.timed_out);
  EXPECT_EQ(finished.signal, 0);
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
}

TEST(RunAllTest, AListenerThatThrowsIsHeard) {
  const OnResult throwing = [](std::size_t, const ScenarioResult&) {
    throw std::runtime_error("the terminal is gone");
  };
  EXPECT_THROW(run(acted_suite({{passing()}, {endless()}}), {}, throwing), std::runtime_error);
}

TEST(RunAllTest, AScenarioThatThrowsDoesNotEndTheRun) {
  const Act throwing = [](Session&) -> Task<StepOutcome> { throw std::runtime_error("boom"); };
  EXPECT_THAT(outcomes_of(run(acted_suite({{throwing}, {passing()}})).results),
              ElementsAre("S0 error Internal", "S1 pass"));
}

/// Sends three octets, and fails where they are cut as `fails` says.
Act failing_where(std::function<bool(const Segmentation&)> fails) {
  return [fails = std::move(fails)](Session& session) -> Task<StepOutcome> {
    const auto cut = session.segmentation_of(nullptr, "c", 3);
    if (cut && fails(*cut)) co_return failed("Wrong", "it is wrong");
    co_return Passed{};
  };
}

RunOptions varying() {
  RunOptions options;
  options.vary.segmentation = true;
  return options;
}

TEST(RunAllTest, WhatGotNoVerdictForTheHarnessStoodStillIsRunAgain) {
  int told = 0;
  const auto finished = run(acted_suite({{stalled_at_first(0)}, {stalled_at_first(2)}}), {},
                            [&](std::size_t, const ScenarioResult&) { ++told; });
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass"));
  EXPECT_EQ(finished.results[0].stalled_runs, 0);
  EXPECT_EQ(finished.results[1].stalled_runs, 2);
  EXPECT_EQ(stalled_note(finished.results[1]),
            "2 runs before this one gave no verdict: the harness had stood still");
  EXPECT_EQ(told, 2);
}

TEST(RunAllTest, WhatNeverGetsAVerdictEndsAsAnError) {
  const auto finished = run(acted_suite({{stalled_at_first(1000)}}), {});
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 error HarnessStalled"));
  EXPECT_EQ(finished.results[0].stalled_runs, 2);
}

TEST(RunAllTest, AnotherErrorIsNotRunAgain) {
  int runs = 0;
  const auto finished = run(acted_suite({{[&](Session&) -> Task<StepOutcome> {
                              ++runs;
                              co_return impossible("NoWay", "");
                            }}}),
                            {});
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 error NoWay"));
  EXPECT_EQ(runs, 1);
}

TEST(RunAllTest, VariantsMakeOneResultOfAScenario) {
  const auto never = [](const Segmentation&) { return false; };
  int told = 0;
  const auto finished = run(acted_suite({{failing_where(never)}, {passing()}}), varying(),
                            [&](std::size_t, const ScenarioResult&) { ++told; });
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass"));
  EXPECT_EQ(finished.results[0].variants->run, 3U);  // two cuts, and octet by octet
  EXPECT_EQ(finished.results[1].variants->run, 0U);  // it sends nothing
  EXPECT_EQ(told, 2);
}

TEST(RunAllTest, AWholeRunThatIsRunAgainGoesBeforeTheVariantsThatWaitForIt) {
  auto options = varying();
  options.jobs = 1;
  const auto never = [](const Segmentation&) { return false; };
  const auto suite = acted_suite({{failing_where(never)}, {stalled_at_first(1)}});
  const auto finished = run(suite, options);
  ASSERT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass"));
  EXPECT_EQ(finished.results[0].variants->run, 3U);
  EXPECT_EQ(finished.results[1].stalled_runs, 1);
}

/// S0 ends whole and waits for its variants, `last` ends the run.
Finished run_stopped_before_variants(Act whole, Act last, RunOptions options) {
  options.jobs = 1;
  return run(acted_suite({{std::move(whole)}, {std::move(last)}}), options);
}

Act interrupting() {
  return [](Session& session) -> Task<StepOutcome> {
    std::raise(SIGINT);
    co_await session.loop().sleep_until(Clock::now() + hours(1));
    co_return Passed{};
  };
}

TEST(RunAllTest, WhatWaitsForItsVariantsWhereTheRunIsStoppedIsNotLost) {
  const auto never = [](const Segmentation&) { return false; };
  const auto finished =
      run_stopped_before_variants(failing_where(never), interrupting(), varying());
  EXPECT_EQ(finished.signal, SIGINT);
  ASSERT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
  EXPECT_EQ(finished.results[0].variants->run, 0U);
  EXPECT_THAT(finished.results[0].variants->none,
              ElementsAre("3 variants not run: the run was stopped"));
  auto fail_fast = varying();
  fail_fast.fail_fast = true;
  const auto failed_fast = run_stopped_before_variants(failing_where(never), failing(), fail_fast);
  EXPECT_THAT(outcomes_of(failed_fast.results), ElementsAre("S0 pass", "S1 fail Wrong"));
}

TEST(RunAllTest, AKnownFailureThatWaitsForItsVariantsDidNotPass) {
  auto options = varying();
  options.known_failures = {{"S0", {"ticket 1", "", {}}}};
  const auto always = [](const Segmentation& each) { return !each.cuts.empty(); };
  const auto finished = run_stopped_before_variants(failing_where(always), interrupting(), options);
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
}

TEST(RunAllTest, AVariantThatDiffersFailsItsScenarioAndIsNamed) {
  const auto behind_two = [](const Segmentation& each) { return each.cuts.back() == 2; };
  const auto suite = acted_suite({{failing_where(behind_two)}});
  EXPECT_THAT(outcomes_of(run(suite).results), ElementsAre("S0 pass"));
  const auto finished = run(suite, varying());
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 fail Wrong"));
  EXPECT_EQ(finished.results[0].variants->differs,
            "the send of step 1 on 'c' cut after octet 2 of 3");
}

TEST(RunAllTest, AFailureUnderAVariantIsRunAgainWithAllVariants) {
  auto options = varying();
  options.retry.retries = 1;
  const auto once = [left = std::make_shared<int>(1)](const Segmentation& each) {
    return each.cuts.back() == 2 && (*left)-- > 0;
  };
  const auto finished = run(acted_suite({{failing_where(once)}, {passing()}}), options);
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass"));
  EXPECT_EQ(finished.results[0].variants->run, 3U);
  ASSERT_THAT(finished.results[0].attempts, SizeIs(1));
  EXPECT_EQ(finished.results[0].attempts[0].variants->differs,
            "the send of step 1 on 'c' cut after octet 2 of 3");
}

TEST(RunAllTest, WhatIsLargerThanAVariantThatDiffersIsNotRun) {
  auto options = varying();
  options.jobs = 1;
  const auto always = [](const Segmentation& each) { return !each.cuts.empty(); };
  const auto finished = run(acted_suite({{failing_where(always)}}), options);
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 fail Wrong"));
  EXPECT_EQ(finished.results[0].variants->run, 1U);
}

TEST(RunAllTest, AKnownFailureIsKnownUnderVariantsToo) {
  auto options = varying();
  options.known_failures = {{"S0", {"ticket 1", "", {}}}};
  const auto always = [](const Segmentation& each) { return !each.cuts.empty(); };
  EXPECT_THAT(outcomes_of(run(acted_suite({{failing_where(always)}}), options).results),
              ElementsAre("S0 known Wrong"));
}

TEST(Har21, ARunIgnoresSigpipe) {
  const auto before = std::signal(SIGPIPE, SIG_DFL);
  run(acted_suite({}), {});
  EXPECT_TRUE(std::signal(SIGPIPE, before) == SIG_IGN);
}

TEST(RunAllTest, FreesEverything) {
  const auto before = open_descriptors();
  run(suite_of_scenarios(
      {R"({"listen": "l"}, {"connect": "c", "to": "${l.address}"}, {"accept": "d", "on": "l"},
                             {"send": "x", "on": "c"}, {"expect": "y", "on": "d"})",
       R"({"listen": "l"}, {"accept": "c", "on": "l", "within": "20ms"})"}));
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace dialtone
