#include "harness/runner/run_scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>

#include "harness/runner/runner_test_support.hpp"
#include "harness/steps/outcome.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;

ScenarioResult run_act(Act act, Level level = Level::kMust, double time_scale = 1.0) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  ScenarioLoop loop;
  return loop.run(acted_suite({{std::move(act), level}}), *target, time_scale);
}

TEST(RunScenarioTest, AStepThatThrowsIsAnError) {
  const auto result =
      run_act([](Session&) -> Task<StepOutcome> { throw std::runtime_error("boom"); });
  EXPECT_EQ(outcome_of(result), "error Internal");
  EXPECT_THAT(result.problem.message, HasSubstr("boom"));
  EXPECT_EQ(result.failed_step, 0);
}

TEST(RunScenarioTest, AStepThatThrowsNothingToSayIsAnErrorToo) {
  EXPECT_EQ(
      outcome_of(run_act([](Session&) -> Task<StepOutcome> { throw std::runtime_error(""); })),
      "error Internal");
}

TEST(RunScenarioTest, AFailedMustFailsAndAFailedShouldWarns) {
  EXPECT_EQ(outcome_of(run_act(failing(), Level::kMust)), "fail Wrong");
  EXPECT_EQ(outcome_of(run_act(failing(), Level::kShould)), "warn Wrong");
  EXPECT_EQ(outcome_of(run_act(failing(), Level::kMay)), "warn Wrong");
}

TEST(RunScenarioTest, AnErrorIsAnErrorAtEveryLevel) {
  const auto impossible_step = [](Session&) -> Task<StepOutcome> {
    co_return Impossible{{"NoWay", "", "", "", std::nullopt}};
  };
  EXPECT_EQ(outcome_of(run_act(impossible_step, Level::kMay)), "error NoWay");
}

/// Stands still for as long as that, and ends.
Act stalling(unsigned milliseconds, StepOutcome outcome) {
  return [=](Session&) -> Task<StepOutcome> {
    ::usleep(milliseconds * 1000);
    co_return outcome;
  };
}

TEST(RunScenarioTest, AFailureOfAPeerThatAStallMayHaveMadeGiveUpIsNone) {
  const auto result = run_act(stalling(700, failed("ExitStatus", "it gave up")));
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
  EXPECT_THAT(result.problem.message, HasSubstr("it gave up; but the harness itself did not run"));
  EXPECT_EQ(outcome_of(run_act(stalling(700, failed("ExitStatus", "late")), Level::kMay)),
            "error HarnessStalled");
}

TEST(RunScenarioTest, APassThatAStallDidNotPreventIsOne) {
  EXPECT_EQ(outcome_of(run_act(stalling(700, Passed{}))), "pass");
}

TEST(RunScenarioTest, AFailureNamesItsStepAndItsLine) {
  const auto result = run_act(failing());
  EXPECT_EQ(result.failed_step, 0);
  EXPECT_EQ(result.where.line, 7);
}

TEST(RunScenarioTest, DeadlinesAreScaled) {
  Duration budget{};
  run_act(
      [&](Session& session) -> Task<StepOutcome> {
        budget = session.budget(std::nullopt);
        co_return Passed{};
      },
      Level::kMust, 4.0);
  EXPECT_EQ(budget, std::chrono::seconds(80));
}

TEST(RunScenarioTest, NothingRunsAfterAFailure) {
  std::string heard;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) {
        peer.send("b");
        heard = peer.await_end();
      },
      R"({"connect": "c"}, {"expect": "a"}, {"reset": "c"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
  EXPECT_EQ(result.failed_step, 1);
  EXPECT_EQ(heard, "FIN");
}

constexpr const char* kHoldsMuch =
    R"({"listen": "desk"}, {"connect": "a", "to": "${desk.address}", "count": 5},
    {"accept": "b", "on": "desk"}, {"socket": "s", "bind": "127.0.0.1:0"}, {"spawn": "p"}, )";

class Frees : public ::testing::TestWithParam<const char*> {};

TEST_P(Frees, AllThatItHeld) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/bin/sleep", "600"});
  const auto suite = suite_of(std::string(kHoldsMuch) + GetParam());
  const auto before = open_descriptors();
  {
    ScenarioLoop loop;
    const auto at_rest = open_descriptors();
    const auto result = loop.run(suite, *target);
    EXPECT_NE(result.verdict, Verdict::kPass);
    EXPECT_EQ(open_descriptors(), at_rest);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_TRUE(has_no_child());
}

INSTANTIATE_TEST_SUITE_P(
    Whatever, Frees,
    ::testing::Values(R"({"expect": "x", "on": "b", "within": "50ms"})",
                      R"({"send": "y", "on": "b"}, {"expect": "x", "on": "a.1"})",
                      R"({"call": "recv", "on": "s", "errno": "EPIPE"})",
                      R"({"control": "close_listener"})"));

/// A target that throws where it is told to.
class Thrower : public Target, public Endpoint {
 public:
  enum class Where { kAcquire, kStart, kStop };
  Thrower(Where where, std::string what) : where_(where), what_(std::move(what)) {}

  std::string name() const override { return "thrower"; }
  std::set<std::string> provides() const override { return {}; }
  int concurrency() const override { return 0; }
  std::unique_ptr<Endpoint> acquire(Loop&, const Scenario&, const std::string&) override {
    throw_at(Where::kAcquire);
    return std::make_unique<Thrower>(where_, what_);
  }
  std::optional<Command> program(std::string_view, const SocketAddress&) const override {
    return {};
  }

  Task<std::optional<std::string>> start(Recorder&) override {
    throw_at(Where::kStart);
    co_return std::nullopt;
  }
  SocketAddress address() const override { return SocketAddress::loopback_ipv4(1); }
  Task<std::optional<std::string>> control(std::string_view, Duration) override {
    co_return std::nullopt;
  }
  Task<std::optional<std::string>> stop() override {
    throw_at(Where::kStop);
    co_return std::nullopt;
  }

 private:
  void throw_at(Where here) const {
    if (here == where_) throw std::runtime_error(what_);
  }

  Where where_;
  std::string what_;
};

class ThrowingTarget : public ::testing::TestWithParam<std::tuple<Thrower::Where, const char*>> {};

// One without a message once passed: green without a check.
TEST_P(ThrowingTarget, IsAnError) {
  Thrower target(std::get<0>(GetParam()), std::get<1>(GetParam()));
  ScenarioLoop loop;
  EXPECT_EQ(outcome_of(loop.run(acted_suite({{passing()}}), target)), "error Internal");
}

INSTANTIATE_TEST_SUITE_P(Each, ThrowingTarget,
                         ::testing::Combine(::testing::Values(Thrower::Where::kAcquire,
                                                              Thrower::Where::kStart,
                                                              Thrower::Where::kStop),
                                            ::testing::Values("boom", "")));

TEST(RunScenarioTest, ASkippedOneCarriesItsReasonAndIsNotRun) {
  bool ran = false;
  const auto suite = acted_suite({{[&](Session&) -> Task<StepOutcome> {
    ran = true;
    co_return Passed{};
  }}});
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  ScenarioLoop loop;
  ScenarioResult result;
  const Surroundings surroundings{&loop.loop(), target.get(), nullptr, 1.0};
  const PlannedScenario planned{suite, suite->scenarios.data(), 1,
                                "the target does not provide 'x'"};
  const auto task = [&]() -> Task<> {
    result = co_await run_scenario(surroundings, planned, "127.0.0.1");
  };
  loop.run(task());
  EXPECT_EQ(result.verdict, Verdict::kSkip);
  EXPECT_EQ(result.problem.message, "the target does not provide 'x'");
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace dialtone
