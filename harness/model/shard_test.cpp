#include "harness/model/shard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/result.hpp"

namespace dialtone {
namespace {

using testing::Optional;

TEST(ShardTest, IsReadAsItIsWritten) {
  EXPECT_THAT(parse_shard("1/1"), Optional(Shard{1, 1}));
  EXPECT_THAT(parse_shard("5/12"), Optional(Shard{5, 12}));
  EXPECT_EQ(to_string(Shard{5, 12}), "5/12");
}

TEST(ShardTest, NothingElseIsOne) {
  for (const auto* text :
       {"", "/", "1", "1/", "/1", "0/3", "4/3", "-1/3", "+1/3", "1/0", "1/-3", "1/2/3", " 1/3",
        "1/3 ", "1.0/3", "a/b", "0x1/3", "1/100001", "99999999999/99999999999"})
    EXPECT_EQ(parse_shard(text), std::nullopt) << text;
}

TEST(ShardTest, ANoteSaysWhichPartARunIs) {
  RunResult run;
  EXPECT_EQ(shard_note(run), "");
  run.shard = RunShard{.shard = {2, 5}, .method = ShardMethod::kSlice, .whole = 48};
  run.shard->places = {9, 10, 11};
  EXPECT_EQ(shard_note(run), "shard 2/5 by slice, 3 of 48 scenarios");
}

TEST(ShardTest, ANoteSaysWhatIsMissing) {
  RunResult run;
  run.partial = PartialRun{8, {2, 5}};
  EXPECT_EQ(shard_note(run), "shards 2, 5 of 8 are missing");
  run.partial = PartialRun{2, {1}};
  EXPECT_EQ(shard_note(run), "shard 1 of 2 is missing");
}

}  // namespace
}  // namespace dialtone
