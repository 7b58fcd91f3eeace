#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::HasSubstr;

TEST(ControlTest, WhatTheTargetCannotDoIsNoFailure) {
  const auto result = run_alone(R"({"control": "close_listener"})");
  EXPECT_EQ(outcome_of(result), "error ControlFailed");
  EXPECT_THAT(result.problem.message, HasSubstr("no control here"));
}

TEST(ControlTest, NeedsItsCapability) {
  EXPECT_THAT(suite_of(R"({"control": "close_listener"})")->scenarios[0].needs,
              Contains("control.close_listener"));
  EXPECT_THAT(suite_of(R"({"control": "resume_accept"})")->scenarios[0].needs,
              Contains("control.pause_accept"));
  EXPECT_THAT(suite_of(R"({"connect": "c"}, {"control": "await_accept"})")->scenarios[0].needs,
              Contains("socket_table"));
}

TEST(AwaitAcceptTest, IsOverOnceAProgramHoldsTheSocket) {
  const auto result = run_against([](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
                                  R"({"connect": "c"}, {"control": "await_accept", "of": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(AwaitAcceptTest, AServerThatNeverAcceptsFails) {
  const auto result = run_alone(R"({"listen": "desk"}, {"connect": "c", "to": "${desk.address}"},
                                   {"control": "await_accept", "of": "c", "within": "100ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message, HasSubstr("not accepted within 100ms"));
}

TEST(AwaitAcceptTest, AStallIsNoVerdictOnTheServer) {
  const PeerListener listener;
  const auto target = target_at(listener.address());
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(200));
  const auto result = loop.run(
      suite_of(R"({"connect": "c"}, {"control": "await_accept", "within": "150ms"})"), *target);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST(ControlTest, ATargetThatIsNoProgramCannotBeKilledOrRestarted) {
  EXPECT_EQ(outcome_of(run_alone(R"({"control": "kill"})")), "error NoProcess");
  EXPECT_EQ(outcome_of(run_alone(R"({"control": "restart"})")), "error ControlFailed");
}

TEST(ControlTest, KillAndRestartNeedATargetOfTheScenariosOwn) {
  EXPECT_THAT(suite_of(R"({"control": "kill"})")->scenarios[0].needs,
              ::testing::UnorderedElementsAre("process", "process_control"));
  EXPECT_THAT(suite_of(R"({"control": "restart"})")->scenarios[0].needs,
              ::testing::UnorderedElementsAre("control.restart"));
}

TEST(ControlTest, AnUnknownOneIsAMistake) {
  EXPECT_THAT(mistakes_of(R"({"control": "close_listner"})"),
              HasSubstr("did you mean 'close_listener'?"));
}

}  // namespace
}  // namespace dialtone
