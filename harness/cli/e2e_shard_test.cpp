// `run --shard`: which scenarios a shard runs, and what it says of itself.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view kFive = R"(
  {"id": "A-1", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "A-2", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "A-3", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "A-4", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "A-5", "title": "t", "source": "s", "steps": [{"connect": "c"}]})";

class ShardRunTest : public testing::Test {
 protected:
  ProgramResult run(const Words& more, const Environment& environment = {}) const {
    Words words{"run", suite_};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words, {}, environment);
  }

  TemporaryDirectory dir_;
  const std::string suite_ = dir_.write("five.json", suite_json("five", kFive));
};

TEST_F(ShardRunTest, ShardsRunEachScenarioOnce) {
  for (const auto* by : {"hash", "slice"}) {
    std::multiset<std::string> all;
    for (int index = 1; index <= 3; ++index) {
      const auto ran = run({"--shard", fmt::format("{}/3", index), "--shard-by", by});
      EXPECT_EQ(ran.exit_code, 0) << ran.err;
      EXPECT_THAT(ran.out, HasSubstr(fmt::format("\nshard {}/3 by {}, ", index, by)));
      for (const auto& id : ids_with("pass", ran.out)) all.insert(id);
    }
    EXPECT_THAT(all, testing::ElementsAre("A-1", "A-2", "A-3", "A-4", "A-5")) << by;
  }
}

TEST_F(ShardRunTest, ByTheTimeOfAnEarlierRun) {
  const auto json = dir_.write("earlier.json", R"({"format": "dialtone-json", "results": [
    {"suite": "five", "id": "A-1", "took_ns": 1}, {"suite": "five", "id": "A-2", "took_ns": 1},
    {"suite": "five", "id": "A-3", "took_ns": 9000000000},
    {"suite": "five", "id": "A-4", "took_ns": 1}, {"suite": "five", "id": "A-5", "took_ns": 1}]})");
  EXPECT_THAT(ids_with("pass", run({"--shard", "1/2", "--shard-by", "time=" + json}).out),
              testing::ElementsAre("A-3"));
  const auto second = run({"--shard", "2/2", "--shard-by", "time=" + json});
  EXPECT_THAT(ids_with("pass", second.out), testing::ElementsAre("A-1", "A-2", "A-4", "A-5"));
  EXPECT_THAT(second.out, HasSubstr("shard 2/2 by time, 4 of 5 scenarios\n"));
}

TEST_F(ShardRunTest, WithNothingToRunIsASuccessWithReports) {
  const auto junit = dir_.path("empty.xml");
  const auto log = dir_.path("empty.ndjson");
  const auto ran = run({"--shard", "2/9", "--shard-by", "slice", "--filter", "A-1", "--report",
                        "junit=" + junit, "--report", "ndjson=" + log});
  EXPECT_EQ(ran.exit_code, 0) << ran.how;
  EXPECT_THAT(ran.err, HasSubstr("nothing is to be run here: shard 2/9 by slice, 0 of 1 scenario"));
  EXPECT_THAT(read_text(junit), HasSubstr("tests=\"0\""));
  EXPECT_EQ(xml_mistakes(junit).value_or(""), "");
  EXPECT_THAT(read_text(log), HasSubstr(R"({"type":"run_finished")"));
}

TEST_F(ShardRunTest, WithOnlySkippedScenariosIsASuccessWhereOthersRunSome) {
  const auto suite = dir_.write("skip.json", suite_json("skip", R"(
    {"id": "K-1", "title": "t", "source": "s", "needs": ["control.close_listener"], "steps": [{"connect": "c"}]},
    {"id": "K-2", "title": "t", "source": "s", "steps": [{"connect": "c"}]})"));
  const Words shard{"run", suite, "--shard", "1/2", "--shard-by", "slice", "--target"};
  auto words = shard;
  const HeldPort held(true);
  words.push_back(fmt::format("127.0.0.1:{}", held.port()));
  const auto ran = run_dialtone(words);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("1 skipped"));
  words.insert(words.end(), {"--filter", "K-1"});
  const auto none = run_dialtone(words);
  EXPECT_EQ(none.exit_code, 4) << none.err;
}

TEST_F(ShardRunTest, OfNothingIsNotChecked) {
  EXPECT_EQ(run({"--shard", "1/2", "--filter", "B-*"}).exit_code, 4);
}

TEST_F(ShardRunTest, ListShowsWhatAShardWouldRun) {
  std::string all;
  for (const auto* shard : {"1/2", "2/2"}) {
    const auto listed = run_dialtone({"list", suite_, "--shard", shard});
    EXPECT_EQ(listed.exit_code, 0);
    const auto ran = run({"--shard", shard});
    for (const auto& id : ids_with("pass", ran.out)) EXPECT_THAT(listed.out, HasSubstr(id));
    all += listed.out;
  }
  EXPECT_EQ(occurrences("A-", all), 5);
}

TEST_F(ShardRunTest, HonoursBazel) {
  const auto status = dir_.path("status");
  const auto xml = dir_.path("bazel.xml");
  const auto ran = run({}, {{"TEST_SHARD_INDEX", "1"},
                            {"TEST_TOTAL_SHARDS", "3"},
                            {"TEST_SHARD_STATUS_FILE", status},
                            {"XML_OUTPUT_FILE", xml}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("shard 2/3 by hash"));
  EXPECT_TRUE(std::filesystem::exists(status));
  EXPECT_THAT(read_text(xml), HasSubstr("<testsuites name=\"dialtone\""));
}

TEST_F(ShardRunTest, HonoursGoogleTestsVariables) {
  const auto ran = run({}, {{"GTEST_SHARD_INDEX", "2"}, {"GTEST_TOTAL_SHARDS", "3"}});
  EXPECT_THAT(ran.out, HasSubstr("shard 3/3 by hash"));
}

TEST_F(ShardRunTest, AStatusFileThatCannotBeTouchedIsSaid) {
  const auto ran = run({}, {{"TEST_SHARD_INDEX", "1"},
                            {"TEST_TOTAL_SHARDS", "3"},
                            {"TEST_SHARD_STATUS_FILE", suite_ + "/status"}});
  EXPECT_EQ(ran.exit_code, 3) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("cannot write " + suite_ + "/status: Not a directory"));
  EXPECT_EQ(ran.out, "");
}

TEST_F(ShardRunTest, EveryMistakeIsToldAtOnceAndNothingIsRun) {
  const auto broken = dir_.write("broken.json", "{\"suite\": 7}");
  const auto ran =
      run_dialtone({"run", broken, "--shard", "auto", "--shard-by", "luck"}, {},
                   {{"TEST_SHARD_INDEX", "x"}, {"TEST_TOTAL_SHARDS", "3"}, {"CI_NODE_INDEX", "1"}});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("TEST_SHARD_INDEX: 'x' is no whole number\n"),
                             HasSubstr("CI_NODE_INDEX: is set, but CI_NODE_TOTAL is not\n"),
                             HasSubstr("--shard-by: 'luck' divides nothing\n"),
                             HasSubstr(broken + ":1:"), HasSubstr("nothing was run")));
}

TEST_F(ShardRunTest, ARecordThatIsNoneIsAMistake) {
  const auto none = run({"--shard", "1/2", "--shard-by", "time=" + dir_.path("none")});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr(dir_.path("none") + ": cannot read the file: No such file"));
  const auto broken = run({"--shard", "1/2", "--shard-by", "time=" + suite_});
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr(suite_ + ":1:1: this is neither the event log nor"));
}

// A script's unset variable would run everything on each node.
TEST(EmptyOptionTest, IsNotAllOfIt) {
  for (const auto* option : {"--shard", "--global-timeout"}) {
    const auto result = run_dialtone({"run", kArticle, option, ""});
    EXPECT_EQ(result.exit_code, 2) << option;
    EXPECT_THAT(result.err, HasSubstr("must not be empty")) << option;
  }
}

}  // namespace
}  // namespace dialtone
