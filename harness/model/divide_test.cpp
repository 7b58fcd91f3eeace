#include "harness/model/divide.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::SizeIs;

using Plan = std::vector<PlannedScenario>;
using Places = std::vector<std::size_t>;

Plan plan_of(const std::vector<std::string>& ids, int repeat = 1, const std::string& name = "s") {
  auto suite = std::make_shared<Suite>();
  suite->name = name;
  for (const auto& id : ids) suite->scenarios.emplace_back().id = id;
  return plan({suite}, {}, {.repeat = repeat});
}

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t i = 1; i <= count; ++i) ids.push_back(fmt::format("S-{}", i));
  return ids;
}

std::vector<Places> all_shards(const Plan& plan, int total, ShardMethod method,
                               const ScenarioTimes& times = {}) {
  std::vector<Places> shards;
  for (int index = 1; index <= total; ++index)
    shards.push_back(places_of(plan, {index, total}, method, times));
  return shards;
}

/// Which of the shards has the place.
int shard_with(const std::vector<Places>& shards, std::size_t place) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (std::ranges::find(shards[i], place) != shards[i].end()) return static_cast<int>(i) + 1;
  }
  return 0;
}

std::vector<std::string> random_ids(std::mt19937& random) {
  std::set<std::string> ids;
  for (auto left = random() % 60; left > 0; --left) {
    std::string id;
    for (auto length = random() % 12; length > 0; --length) id += static_cast<char>(random() % 256);
    ids.insert(id);
  }
  std::vector<std::string> shuffled(ids.begin(), ids.end());
  std::ranges::shuffle(shuffled, random);
  return shuffled;
}

ScenarioTimes random_times(const Plan& plan, std::mt19937& random) {
  ScenarioTimes times;
  for (const auto& planned : plan) {
    if (random() % 3 != 0)
      times[scenario_name(*planned.suite, *planned.scenario)] = milliseconds(random() % 5000);
  }
  return times;
}

/// All places once, ascending in each shard, the repetitions of a scenario together.
void expect_parts_of(const Plan& plan, const std::vector<Places>& shards) {
  Places all;
  std::map<const Scenario*, std::set<std::size_t>> shards_of;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    EXPECT_TRUE(std::ranges::is_sorted(shards[i]));
    for (const auto place : shards[i]) {
      all.push_back(place);
      shards_of[plan.at(place).scenario].insert(i);
    }
  }
  std::ranges::sort(all);
  Places expected(plan.size());
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i;
  EXPECT_EQ(all, expected);
  for (const auto& [scenario, in] : shards_of) EXPECT_THAT(in, SizeIs(1)) << scenario->id;
}

TEST(DivideTest, ShardsAreDisjointAndTogetherTheWhole) {
  std::mt19937 random(20261127);
  for (int round = 0; round < 300; ++round) {
    const auto plan = plan_of(random_ids(random), 1 + static_cast<int>(random() % 3));
    const auto times = random_times(plan, random);
    const int total = 1 + static_cast<int>(random() % 20);
    for (const auto method : kShardMethods) {
      SCOPED_TRACE(fmt::format("round {}, {} shards by {}", round, total, name_of(method)));
      expect_parts_of(plan, all_shards(plan, total, method, times));
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(DivideTest, ByHashNothingMovesWhenScenariosAreAddedOrReordered) {
  std::mt19937 random(1);
  auto ids = numbered(200);
  const auto before = all_shards(plan_of(ids), 7, ShardMethod::kHash);
  auto more = ids;
  for (int i = 0; i < 50; ++i) more.push_back(fmt::format("NEW-{}", i));
  std::ranges::shuffle(more, random);
  const auto after = all_shards(plan_of(more), 7, ShardMethod::kHash);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto now = static_cast<std::size_t>(std::ranges::find(more, ids[i]) - more.begin());
    EXPECT_EQ(shard_with(before, i), shard_with(after, now)) << ids[i];
  }
}

// Held for good: shards of different versions of this program must not miss a scenario between
// them, and a log of old must still fit.
TEST(DivideTest, TheHashIsTheSameInEveryVersion) {
  const auto plan = plan_of({"ART-01", "ART-02", "ART-03", "ART-04", "ART-05"}, 1, "article");
  std::vector<int> shards;
  const auto all = all_shards(plan, 4, ShardMethod::kHash);
  for (std::size_t i = 0; i < plan.size(); ++i) shards.push_back(shard_with(all, i));
  EXPECT_THAT(shards, ElementsAre(2, 1, 4, 2, 3));
  EXPECT_EQ(digest_of(std::vector<std::string>{"article", "ART-01"}), "d89f317d8cd4ece5");
}

TEST(DivideTest, ByHashShardsAreOfASize) {
  for (const auto& shard : all_shards(plan_of(numbered(10'000)), 10, ShardMethod::kHash)) {
    EXPECT_GT(shard.size(), 850U);
    EXPECT_LT(shard.size(), 1150U);
  }
}

TEST(DivideTest, SlicesKeepNeighboursTogether) {
  EXPECT_THAT(all_shards(plan_of(numbered(7)), 3, ShardMethod::kSlice),
              ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4), ElementsAre(5, 6)));
}

TEST(DivideTest, RepetitionsFollowTheirScenario) {
  EXPECT_THAT(all_shards(plan_of(numbered(2), 2), 2, ShardMethod::kSlice),
              ElementsAre(ElementsAre(0, 2), ElementsAre(1, 3)));
}

TEST(DivideTest, ByTimeTheLongestGoFirstToWhereTheLeastIs) {
  const ScenarioTimes times{{"s/S-1", milliseconds(1)},
                            {"s/S-2", milliseconds(5)},
                            {"s/S-3", milliseconds(3)},
                            {"s/S-4", milliseconds(3)}};
  // 5 | 3, then 3 to the 3, then 1 to the 5.
  EXPECT_THAT(all_shards(plan_of(numbered(4)), 2, ShardMethod::kTime, times),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3)));
}

TEST(DivideTest, WhatWasNotRecordedCountsAsTheMedian) {
  const ScenarioTimes times{{"s/S-1", milliseconds(10)},
                            {"s/S-2", milliseconds(20)},
                            {"s/S-3", milliseconds(90)},
                            {"other/S-4", milliseconds(1000)}};
  // S-4 counts 20: 90 | 20 + 20 + 10.
  EXPECT_THAT(all_shards(plan_of(numbered(4)), 2, ShardMethod::kTime, times),
              ElementsAre(ElementsAre(2), ElementsAre(0, 1, 3)));
}

TEST(DivideTest, WithoutRecordsAllWeighTheSame) {
  for (const auto& shard : all_shards(plan_of(numbered(12)), 4, ShardMethod::kTime))
    EXPECT_THAT(shard, SizeIs(3));
}

TEST(DivideTest, ScenariosThatTookNoTimeAreSpreadToo) {
  ScenarioTimes times;
  for (const auto& id : numbered(12)) times["s/" + id] = Duration{};
  for (const auto& shard : all_shards(plan_of(numbered(12)), 4, ShardMethod::kTime, times))
    EXPECT_THAT(shard, SizeIs(3));
}

TEST(DivideTest, TheDigestKnowsWhatTheStepsSay) {
  auto one = std::make_shared<Suite>();
  one->name = "s";
  one->file = "/here/s.json";
  one->scenarios.emplace_back().id = "S-1";
  one->scenarios[0].steps.push_back(
      {.spec = nullptr, .step = nullptr, .text = R"({"send": "a"})", .where = {}});
  auto moved = std::make_shared<Suite>(*one);
  moved->file = "/there/s.json";
  auto changed = std::make_shared<Suite>(*one);
  changed->scenarios[0].steps[0].text = R"({"send": "b"})";
  const auto digest = [](const std::shared_ptr<Suite>& suite, int repeat = 1) {
    return digest_of(plan({suite}, {}, {.repeat = repeat}));
  };
  EXPECT_EQ(digest(one), digest(moved));
  EXPECT_NE(digest(one), digest(changed));
  EXPECT_NE(digest(one), digest(one, 2));
  EXPECT_THAT(digest(one), testing::MatchesRegex("[0-9a-f]{16}"));
}

TEST(DivideTest, ADigestTellsWhereATextEnds) {
  using Texts = std::vector<std::string>;
  EXPECT_NE(digest_of(Texts{"a", "bc"}), digest_of(Texts{"ab", "c"}));
  EXPECT_EQ(digest_of(Texts{"a", "bc"}), digest_of(Texts{"a", "bc"}));
}

}  // namespace
}  // namespace dialtone
