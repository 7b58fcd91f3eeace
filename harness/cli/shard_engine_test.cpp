#include "harness/cli/shard_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <set>

namespace dialtone {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

using Variables = std::map<std::string, std::string, std::less<>>;

std::variant<ChosenShard, Diagnostics> choose(std::string_view option, const Variables& set) {
  return choose_shard(option, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = set.find(name);
    return found == set.end() ? std::nullopt : std::optional(found->second);
  });
}

/// What was chosen, "" for the whole; or every mistake as a user sees it.
std::string chosen(std::string_view option, const Variables& set) {
  const auto made = choose(option, set);
  if (const auto* good = std::get_if<ChosenShard>(&made))
    return good->shard ? to_string(*good->shard) : "";
  std::string text;
  for (const auto& mistake : std::get<Diagnostics>(made)) text += render(mistake);
  return text;
}

TEST(ShardEngineTest, WithoutAnythingItIsTheWhole) {
  EXPECT_EQ(chosen("", {}), "");
  EXPECT_EQ(chosen("", {{"TEST_SHARD_INDEX", ""}, {"TEST_TOTAL_SHARDS", ""}}), "");
}

TEST(ShardEngineTest, TheOptionSaysItItself) {
  EXPECT_EQ(chosen("2/5", {}), "2/5");
  EXPECT_EQ(chosen("2/5", {{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "3"}}), "2/5");
}

TEST(ShardEngineTest, WhatIsNoShardIsAMistake) {
  for (const auto* option :
       {"6/5", "0/5", "2", "automatic", "auto/", "auto/0", "auto/x", "auto/-2"})
    EXPECT_THAT(chosen(option, {}),
                HasSubstr(std::string("--shard: '") + option + "' is no shard"));
}

struct Case {
  std::string_view engine;
  std::string_view option;
  Variables set;
  std::string_view shard;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.engine; }

class EachEngine : public testing::TestWithParam<Case> {};

TEST_P(EachEngine, IsUnderstood) {
  EXPECT_EQ(chosen(GetParam().option, GetParam().set), GetParam().shard);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EachEngine,
    testing::Values(
        Case{"Bazel", "", {{"TEST_SHARD_INDEX", "0"}, {"TEST_TOTAL_SHARDS", "3"}}, "1/3"},
        Case{"Bazel", "auto", {{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "3"}}, "3/3"},
        Case{"GoogleTest", "", {{"GTEST_SHARD_INDEX", "1"}, {"GTEST_TOTAL_SHARDS", "2"}}, "2/2"},
        Case{"GitLab", "auto", {{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "4"}}, "1/4"},
        Case{"CircleCI", "auto", {{"CIRCLE_NODE_INDEX", "0"}, {"CIRCLE_NODE_TOTAL", "4"}}, "1/4"},
        Case{"Buildkite",
             "auto",
             {{"BUILDKITE_PARALLEL_JOB", "3"}, {"BUILDKITE_PARALLEL_JOB_COUNT", "4"}},
             "4/4"},
        Case{"Azure Pipelines",
             "auto",
             {{"SYSTEM_JOBPOSITIONINPHASE", "4"}, {"SYSTEM_TOTALJOBSINPHASE", "4"}},
             "4/4"},
        Case{"Kubernetes", "auto/8", {{"JOB_COMPLETION_INDEX", "0"}}, "1/8"},
        Case{"AWS Batch", "auto/8", {{"AWS_BATCH_JOB_ARRAY_INDEX", "7"}}, "8/8"},
        Case{"AWS Batch",
             "auto",
             {{"AWS_BATCH_JOB_ARRAY_INDEX", "7"}, {"AWS_BATCH_JOB_ARRAY_SIZE", "9"}},
             "8/9"},
        Case{"Slurm",
             "auto",
             {{"SLURM_ARRAY_TASK_ID", "6"},
              {"SLURM_ARRAY_TASK_MIN", "2"},
              {"SLURM_ARRAY_TASK_MAX", "8"},
              {"SLURM_ARRAY_TASK_STEP", "2"},
              {"SLURM_ARRAY_TASK_COUNT", "4"}},
             "3/4"},
        Case{"GNU parallel", "auto/3", {{"PARALLEL_SEQ", "3"}}, "3/3"}),
    [](const auto& each) {
      std::string name = std::to_string(each.index);
      for (const char c : each.param.engine) {
        if (c != ' ') name += c;
      }
      return name;
    });

TEST(ShardEngineTest, EachOfTheTableIsTried) {
  std::set<std::string_view> tried{"Bazel",     "GoogleTest",      "GitLab",     "CircleCI",
                                   "Buildkite", "Azure Pipelines", "Kubernetes", "AWS Batch",
                                   "Slurm",     "GNU parallel"};
  for (const auto& engine : shard_engines()) EXPECT_EQ(tried.erase(engine.name), 1U) << engine.name;
  EXPECT_THAT(tried, IsEmpty());
}

// No engine but these is honoured without being asked: a job of GitLab may run dialtone whole.
TEST(ShardEngineTest, OthersAreOnlyAskedByAuto) {
  for (const auto& engine : shard_engines()) {
    Variables set{{std::string(engine.index), "1"}};
    if (!engine.total.empty()) set.emplace(engine.total, "2");
    EXPECT_EQ(chosen("", set) != "", engine.by_itself) << engine.name;
    EXPECT_EQ(engine.by_itself, engine.name == "Bazel" || engine.name == "GoogleTest");
  }
}

TEST(ShardEngineTest, HalfOfItIsAMistakeOfEachEngine) {
  for (const auto& engine : shard_engines()) {
    const auto half = chosen("auto", {{std::string(engine.index), "1"}});
    EXPECT_THAT(half, HasSubstr(std::string(engine.index) + ": ")) << engine.name;
    if (engine.may_lack_total) {
      EXPECT_THAT(half, HasSubstr("not of how many\n  hint: say it: --shard auto/N"));
      continue;
    }
    EXPECT_THAT(half, HasSubstr("is set, but " + std::string(engine.total) + " is not"));
    EXPECT_THAT(chosen("auto", {{std::string(engine.total), "3"}}),
                HasSubstr(std::string(engine.total) + ": is set, but " + std::string(engine.index) +
                          " is not"));
  }
}

TEST(ShardEngineTest, NumbersAreHeldToTheirRange) {
  for (const auto& engine : shard_engines()) {
    if (engine.total.empty() || !engine.lowest.empty()) continue;
    const auto with = [&](const std::string& index, const std::string& total) {
      return chosen("auto",
                    {{std::string(engine.index), index}, {std::string(engine.total), total}});
    };
    const auto place = std::string(engine.index) + ": ";
    EXPECT_THAT(with("x", "3"), HasSubstr(place + "'x' is no whole number")) << engine.name;
    EXPECT_THAT(with("1.5", "3"), HasSubstr("no whole number")) << engine.name;
    EXPECT_THAT(with(std::to_string(engine.base + 3), "3"), HasSubstr(place)) << engine.name;
    EXPECT_THAT(with(std::to_string(engine.base - 1), "3"), HasSubstr(place)) << engine.name;
    EXPECT_EQ(with(std::to_string(engine.base + 2), "3"), "3/3") << engine.name;
    EXPECT_THAT(with("1", "0"), HasSubstr(std::string(engine.total) + ": 0 is not in 1 to "));
  }
}

TEST(ShardEngineTest, AllMistakesAreToldAtOnce) {
  EXPECT_THAT(
      chosen("auto/x",
             {{"TEST_SHARD_INDEX", "x"}, {"TEST_TOTAL_SHARDS", "y"}, {"GTEST_TOTAL_SHARDS", "2"}}),
      AllOf(HasSubstr("--shard: 'auto/x' is no shard"),
            HasSubstr("TEST_SHARD_INDEX: 'x' is no whole number"),
            HasSubstr("TEST_TOTAL_SHARDS: 'y' is no whole number"),
            HasSubstr("GTEST_TOTAL_SHARDS: is set, but GTEST_SHARD_INDEX is not")));
}

const Variables kBazel{{"TEST_SHARD_INDEX", "0"}, {"TEST_TOTAL_SHARDS", "3"}};

TEST(ShardEngineTest, TwoEnginesMayAgree) {
  auto both = kBazel;
  both["GTEST_SHARD_INDEX"] = "0";
  both["GTEST_TOTAL_SHARDS"] = "3";
  EXPECT_EQ(chosen("", both), "1/3");
  EXPECT_EQ(chosen("1/3", both), "1/3");
}

TEST(ShardEngineTest, TwoThatDisagreeAreAMistake) {
  auto both = kBazel;
  both["GTEST_SHARD_INDEX"] = "1";
  both["GTEST_TOTAL_SHARDS"] = "3";
  EXPECT_EQ(chosen("", both),
            "GTEST_SHARD_INDEX: GoogleTest says 2/3 (GTEST_SHARD_INDEX=1, GTEST_TOTAL_SHARDS=3), "
            "but Bazel says 1/3 (TEST_SHARD_INDEX=0, TEST_TOTAL_SHARDS=3)\n"
            "  hint: unset the variables that are not meant\n");
  EXPECT_THAT(chosen("auto/3", {{"JOB_COMPLETION_INDEX", "0"}, {"PARALLEL_SEQ", "2"}}),
              HasSubstr("PARALLEL_SEQ: GNU parallel says 2/3 (PARALLEL_SEQ=2), but Kubernetes"));
}

TEST(ShardEngineTest, TheOptionAgainstTheVariablesIsAMistake) {
  EXPECT_EQ(chosen("2/3", kBazel),
            "TEST_SHARD_INDEX: Bazel says 1/3 (TEST_SHARD_INDEX=0, TEST_TOTAL_SHARDS=3), but "
            "--shard says 2/3\n  hint: unset the variables that are not meant\n");
  EXPECT_THAT(chosen("auto/4", {{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "3"}}),
              HasSubstr("--shard: auto/4, but GitLab says 1/3"));
}

TEST(ShardEngineTest, AJobOfOneDividesNothing) {
  EXPECT_EQ(chosen("auto", {{"CIRCLE_NODE_INDEX", "0"}, {"CIRCLE_NODE_TOTAL", "1"}}), "1/1");
  EXPECT_EQ(chosen("auto/4",
                   {{"CIRCLE_NODE_INDEX", "0"}, {"CIRCLE_NODE_TOTAL", "1"}, {"PARALLEL_SEQ", "2"}}),
            "2/4");
  EXPECT_EQ(chosen("2/4", {{"TEST_SHARD_INDEX", "0"}, {"TEST_TOTAL_SHARDS", "1"}}), "2/4");
  EXPECT_THAT(chosen("auto/4", {{"CIRCLE_NODE_INDEX", "0"}, {"CIRCLE_NODE_TOTAL", "1"}}),
              HasSubstr("--shard: auto/4, but CircleCI says 1/1"));
}

// GitLab says CI_NODE_TOTAL=1 and no index to a job without `parallel`.
TEST(ShardEngineTest, ATotalOfOneNeedsNoIndex) {
  EXPECT_EQ(chosen("auto/2", {{"CI_NODE_TOTAL", "1"}, {"PARALLEL_SEQ", "2"}}), "2/2");
}

TEST(ShardEngineTest, AutoWithoutAnEngineNamesTheVariables) {
  EXPECT_THAT(chosen("auto", {}),
              AllOf(HasSubstr("--shard: auto, but nothing says which shard this is"),
                    HasSubstr("SLURM_ARRAY_TASK_ID"), HasSubstr("CI_NODE_INDEX")));
}

TEST(ShardEngineTest, ASlurmArrayMustBeEvenlySpaced) {
  const auto slurm = [](const char* id, const char* low, const char* high, const char* count) {
    return chosen("auto", {{"SLURM_ARRAY_TASK_ID", id},
                           {"SLURM_ARRAY_TASK_MIN", low},
                           {"SLURM_ARRAY_TASK_MAX", high},
                           {"SLURM_ARRAY_TASK_COUNT", count}});
  };
  EXPECT_EQ(slurm("3", "0", "3", "4"), "4/4");
  EXPECT_THAT(slurm("3", "1", "7", "3"), HasSubstr("these are not evenly spaced"));
  EXPECT_THAT(slurm("9", "1", "7", "7"), HasSubstr("SLURM_ARRAY_TASK_ID: 9 is not in 1 to 7"));
  EXPECT_THAT(slurm("1", "-1", "7", "3"), HasSubstr("SLURM_ARRAY_TASK_MIN: -1 is not in 0 to "));
}

TEST(ShardEngineTest, FilesToTouchAreThoseOfTheEnginesThatWereHeard) {
  auto set = kBazel;
  set["TEST_SHARD_STATUS_FILE"] = "/tmp/status";
  set["GTEST_SHARD_STATUS_FILE"] = "/tmp/other";
  EXPECT_THAT(std::get<ChosenShard>(choose("", set)).touched, ElementsAre("/tmp/status"));
  EXPECT_THAT(std::get<ChosenShard>(choose("1/3", {{"TEST_SHARD_STATUS_FILE", "/tmp/s"}})).touched,
              IsEmpty());
}

}  // namespace
}  // namespace dialtone
