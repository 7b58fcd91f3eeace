#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// How our own side ended, as the peer saw it.
std::string ending_at_peer(const char* steps) {
  std::string seen;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) {
        peer.send("unread");
        seen = peer.await_end();
      },
      steps, R"("ignore_leftover": true,)");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  return seen;
}

TEST(CloseTest, IsAFinThoughOctetsWereUnread) {
  EXPECT_EQ(
      ending_at_peer(R"({"connect": "c"}, {"expect_socket": "c", "unread": 6}, {"close": "c"})"),
      "FIN");
}

TEST(CloseTest, WhatIsLeftOpenEndsByFinToo) {
  EXPECT_EQ(ending_at_peer(R"({"connect": "c"}, {"expect_socket": "c", "unread": 6})"), "FIN");
}

/// What a scenario says of six octets that came before our own side ended.
std::string outcome_of_unread(const std::string& end) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send("unread");
        peer.await_end();
      },
      (R"({"connect": "c"}, {"expect_socket": "c", "unread": 6}, )" + end).c_str());
  return outcome_of(result);
}

TEST(CloseTest, OctetsThatNoStepTookFailTheScenarioUnlessTheyAreIgnored) {
  EXPECT_EQ(outcome_of_unread(R"({"close": "c"})"), "fail Leftover");
  EXPECT_EQ(outcome_of_unread(R"({"close": "c", "ignore_data": true})"), "pass");
}

TEST(ResetTest, OctetsThatNoStepTookFailTheScenarioUnlessTheyAreIgnored) {
  EXPECT_EQ(outcome_of_unread(R"({"reset": "c"})"), "fail Leftover");
  EXPECT_EQ(outcome_of_unread(R"({"reset": "c", "ignore_data": true})"), "pass");
}

TEST(ResetTest, IsARst) {
  std::string seen;
  const auto result = run_against([&](PeerSocket& peer, ScenarioLoop&) { seen = peer.await_end(); },
                                  R"({"connect": "c"}, {"reset": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(seen, "RST");
}

TEST(ResetTest, TakesTcpWhereTheTargetIsReset) {
  const auto needs = [](const char* steps) { return suite_of(steps)->scenarios[0].needs; };
  EXPECT_THAT(needs(R"({"connect": "c"}, {"reset": "c"})"), Contains("tcp"));
  EXPECT_THAT(needs(R"({"connect": "c", "count": 2}, {"reset": "c.*"})"), Contains("tcp"));
  EXPECT_THAT(needs(R"({"connect": "c"}, {"send": "x", "urgent": true})"), Contains("tcp"));
  EXPECT_THAT(needs(R"({"connect": "c"}, {"close": "c"})"), Not(Contains("tcp")));
  EXPECT_THAT(needs(R"({"listen": "desk"}, {"connect": "c", "to": "${desk.address}"},
                       {"accept": "s", "on": "desk"}, {"reset": ["c", "s"]})"),
              Not(Contains("tcp")));
}

TEST(ShutdownTest, LetsThePeerGoOn) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        EXPECT_EQ(peer.await_end(), "FIN");
        peer.send("still here");
        peer.close();
      },
      R"({"connect": "c"}, {"shutdown": "c"}, {"expect": "still here"}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ShutdownTest, FailsWhereThePeerIsGone) {
  const auto result =
      run_against(reset_after_go,
                  R"({"connect": "c"}, {"send": "go"}, {"expect_reset": "c"}, {"shutdown": "c"})");
  EXPECT_EQ(outcome_of(result), "fail ShutdownFailed");
  EXPECT_THAT(result.problem.message, HasSubstr("ENOTCONN"));
}

TEST(CloseTest, EndsAListenerToo) {
  const auto result = run_alone(
      R"({"listen": "desk"}, {"connect": "a", "to": "${desk.address}"}, {"close": "desk"},
         {"connect": "b", "to": "${desk.address}", "outcome": "refused"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(CloseTest, WhatWasClosedCannotBeUsed) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"close": "c"}, {"send": "x", "on": "c"})"),
              HasSubstr("'c' was closed by an earlier step"));
}

}  // namespace
}  // namespace dialtone
