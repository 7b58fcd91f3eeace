#include "harness/model/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

Scenario scenario(const std::string& id, Level level = Level::kMust,
                  std::vector<std::string> tags = {}, std::set<std::string> needs = {}) {
  Scenario result;
  result.id = id;
  result.level = level;
  result.tags = std::move(tags);
  result.needs = std::move(needs);
  return result;
}

std::shared_ptr<const Suite> suite(const std::string& name, std::vector<Scenario> scenarios) {
  auto result = std::make_shared<Suite>();
  result->name = name;
  result->scenarios = std::move(scenarios);
  return result;
}

const std::vector<std::shared_ptr<const Suite>> kSuites{
    suite("article.listener", {scenario("ART-01", Level::kMust, {"fast"}),
                               scenario("ART-02", Level::kShould, {"slow", "net"})}),
    suite("robust", {scenario("ROB-01", Level::kMay), scenario("ART-09")})};

std::vector<std::string> ids(const Selection& selection) {
  std::vector<std::string> result;
  for (const auto& planned : plan(kSuites, {}, selection)) result.push_back(planned.scenario->id);
  return result;
}

TEST(PlanTest, EverythingInTheOrderOfTheFilesByDefault) {
  EXPECT_THAT(ids({}), ElementsAre("ART-01", "ART-02", "ROB-01", "ART-09"));
}

TEST(PlanTest, FiltersAreGlobsOnTheIdOrOnSuiteAndId) {
  EXPECT_THAT(ids({.filters = {"ART-*"}}), ElementsAre("ART-01", "ART-02", "ART-09"));
  EXPECT_THAT(ids({.filters = {"robust/*"}}), ElementsAre("ROB-01", "ART-09"));
  EXPECT_THAT(ids({.filters = {"ART-0?"}, .excludes = {"robust/*"}}),
              ElementsAre("ART-01", "ART-02"));
  EXPECT_THAT(ids({.filters = {"ART-0[12]", "ROB-01"}}), ElementsAre("ART-01", "ART-02", "ROB-01"));
  EXPECT_THAT(ids({.filters = {"ART"}}), IsEmpty());
}

TEST(PlanTest, AnExclusionWinsOverAFilter) {
  EXPECT_THAT(ids({.filters = {"ART-01"}, .excludes = {"*"}}), IsEmpty());
}

TEST(PlanTest, OneOfTheTagsIsEnough) {
  EXPECT_THAT(ids({.tags = {"fast", "net"}}), ElementsAre("ART-01", "ART-02"));
  EXPECT_THAT(ids({.tags = {"fas"}}), IsEmpty());
  EXPECT_THAT(ids({.filters = {"ART-02"}, .tags = {"fast"}}), IsEmpty());
}

TEST(PlanTest, TheLowestLevelLeavesOutWhatIsBelow) {
  EXPECT_THAT(ids({.lowest = Level::kShould}), ElementsAre("ART-01", "ART-02", "ART-09"));
  EXPECT_THAT(ids({.lowest = Level::kMust}), ElementsAre("ART-01", "ART-09"));
}

TEST(PlanTest, RepeatingGoesThroughTheWholeOrderAgain) {
  const auto planned = plan(kSuites, {}, {.filters = {"ROB-01", "ART-01"}, .repeat = 2});
  std::vector<std::pair<std::string, int>> order;
  order.reserve(planned.size());
  for (const auto& one : planned) order.emplace_back(one.scenario->id, one.repetition);
  EXPECT_THAT(order, ElementsAre(std::pair("ART-01", 1), std::pair("ROB-01", 1),
                                 std::pair("ART-01", 2), std::pair("ROB-01", 2)));
}

TEST(PlanTest, AnUnmetNeedIsASkipWithItsReason) {
  const auto needy = suite("s", {scenario("A", Level::kMust, {}, {"local", "process"})});
  EXPECT_THAT(plan({needy}, {"local"}, {}).at(0).skip_reason, Optional(HasSubstr("'process'")));
  EXPECT_THAT(plan({needy}, {"local", "process"}, {}).at(0).skip_reason, Eq(std::nullopt));
}

TEST(PlanTest, WhatTheProfileRulesOutIsASkipWithItsReason) {
  auto ruled_out = scenario("A", Level::kMust, {}, {"local"});
  ruled_out.excluded = "too long";
  const auto one = suite("s", {ruled_out});
  EXPECT_THAT(plan({one}, {"local"}, {}).at(0).skip_reason, Optional(Eq("too long")));
  EXPECT_THAT(plan({one}, {}, {}).at(0).skip_reason, Optional(HasSubstr("'local'")));
}

TEST(PlanTest, ThePlanKeepsItsSuiteAlive) {
  auto owner = suite("s", {scenario("A")});
  const auto planned = plan({owner}, {}, {});
  owner.reset();
  EXPECT_EQ(planned.at(0).suite->name, "s");
  EXPECT_EQ(planned.at(0).scenario, &planned.at(0).suite->scenarios.at(0));
}

}  // namespace
}  // namespace dialtone
