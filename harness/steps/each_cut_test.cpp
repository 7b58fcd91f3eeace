#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/scenario.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(EachCutTest, ThereIsARoundForEachInnerBoundary) {
  std::string heard;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) { heard = peer.receive(21); },
      R"({"connect": "c"}, {"each_cut": "abcd", "steps": [{"send": {"slice": "abcd", "to": 1}}, {"send": "${cut}"}, {"send": "----", "split": "${cut}"}, {"send": "|"}]})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(heard, "a1----|a2----|a3----|");
}

TEST(EachCutTest, OctetsAreMeantNotCharacters) {
  const auto suite =
      suite_of(R"({"each_cut": "你a", "as": "at", "steps": [{"set": "x", "to": "${at}"}]})");
  const auto& steps = suite->scenarios.front().steps;
  ASSERT_THAT(steps, SizeIs(3));
  EXPECT_EQ(steps.back().text, R"({"set": "x", "to": "3"})");
  EXPECT_EQ(steps.back().label, "1.3.1");
}

TEST(EachCutTest, OneOctetIsShownWhole) {
  const auto suite = suite_of(R"({"each_cut": "a", "steps": [{"set": "x", "to": "${cut}"}]})");
  EXPECT_THAT(suite->scenarios.front().steps, SizeIs(1));
}

TEST(EachCutTest, OnlyOctetsThatAreKnownBeforeTheRunCanBeCut) {
  EXPECT_THAT(
      mistakes_of(R"({"connect": "c"}, {"each_cut": "${c.port}", "steps": [{"pause": "1ms"}]})"),
      StartsWith("test.json:1:105: these octets depend on the run"));
  EXPECT_THAT(
      mistakes_of(R"({"each_cut": {"repeat": "x", "times": 2001}, "steps": [{"pause": "1ms"}]})"),
      StartsWith("test.json:1:87: more than 2000 octets"));
  EXPECT_EQ(mistakes_of(R"({"each_cut": {"hex": "x"}, "steps": [{"pause": "1ms"}]})"),
            "test.json:1:95: bad hex\n  hint: pairs of hex digits, such as \"c4 e3\"\n");
}

TEST(EachCutTest, AParameterThatIsMissingSkipsTheScenario) {
  const auto suite =
      suite_of(R"({"each_cut": "${request}", "steps": [{"set": "x", "to": "${cut}"}]})");
  EXPECT_TRUE(suite->scenarios.front().needs.contains("parameter.request"));
}

}  // namespace
}  // namespace dialtone
