// The commands that show: list, steps, schema, version, serve --list-faults.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::SizeIs;

constexpr std::size_t kArticleScenarios = 50;

TEST(ListTest, JsonHoldsEveryScenarioWithItsPlace) {
  const auto result = run_dialtone({"list", "--json", kArticle});
  ASSERT_EQ(result.exit_code, 0) << result.how << result.err;
  const auto all = nlohmann::json::parse(result.out);
  ASSERT_THAT(all, SizeIs(kArticleScenarios));
  std::set<std::string> ids;
  for (const auto& each : all) {
    ids.insert(each.at("id").get<std::string>());
    EXPECT_TRUE(each.at("skip").is_null()) << each;
    EXPECT_THAT(each.at("level").get<std::string>(), testing::AnyOf("MUST", "SHOULD", "MAY"));
    for (const auto* key : {"suite", "title", "source", "file"})
      EXPECT_NE(each.at(key).get<std::string>(), "") << each;
    for (const auto* key : {"tags", "needs"}) EXPECT_TRUE(each.at(key).is_array()) << each;
    EXPECT_GT(each.at("line").get<int>(), 0);
  }
  EXPECT_THAT(ids, SizeIs(kArticleScenarios)) << "two scenarios share an id";
}

TEST(ListTest, JsonTellsWhatATargetWouldSkip) {
  const auto result = run_dialtone(
      {"list", "--json", kArticle, "--filter", "ART-0[19]", "--target", "127.0.0.1:9"});
  ASSERT_EQ(result.exit_code, 0) << result.how << result.err;
  const auto all = nlohmann::json::parse(result.out);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_TRUE(all[0].at("skip").is_null());
  EXPECT_THAT(all[1].at("skip").get<std::string>(), HasSubstr("does not provide 'greeting_reply'"));
}

TEST(ListTest, TextTellsTheSameAndRunsNothing) {
  const auto result =
      run_dialtone({"list", kArticle, "--filter", "ART-0[19]", "--target", "127.0.0.1:9"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr("ART-01"));
  EXPECT_THAT(result.out, HasSubstr("[skipped: the target does not provide 'greeting_reply'"));
}

TEST(ListTest, NothingSelectedIsFour) {
  const auto result = run_dialtone({"list", kArticle, "--filter", "nothing-like-this"});
  EXPECT_EQ(result.exit_code, 4) << result.how;
  EXPECT_THAT(result.err, HasSubstr("no scenario matches"));
}

/// The verbs that the schema allows in a step.
std::set<std::string> verbs_of(const nlohmann::json& schema) {
  std::set<std::string> verbs;
  for (const auto& step : schema.at("definitions").at("step").at("oneOf"))
    verbs.insert(step.at("required").at(0).get<std::string>());
  return verbs;
}

/// A verb stands alone in its line, without an indent.
std::set<std::string> verbs_told_by(const Bytes& text) {
  std::set<std::string> verbs;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.find(' ') == std::string::npos) verbs.insert(line);
  }
  return verbs;
}

TEST(StepsTest, NameEveryVerbOfTheSchemaWithAnExample) {
  const auto schema = run_dialtone({"schema"});
  ASSERT_EQ(schema.exit_code, 0) << schema.how;
  const auto verbs = verbs_of(nlohmann::json::parse(schema.out));
  EXPECT_THAT(verbs, IsSupersetOf({"connect", "send", "expect", "expect_eof", "expect_reset",
                                   "expect_silence", "shutdown", "close", "reset", "control",
                                   "listen", "accept", "spawn", "expect_exit"}));
  const auto text = run_dialtone({"steps"});
  const auto markdown = run_dialtone({"steps", "--markdown"});
  EXPECT_EQ(text.exit_code, 0) << text.how;
  EXPECT_EQ(markdown.exit_code, 0) << markdown.how;
  EXPECT_EQ(verbs_told_by(text.out), verbs);
  for (const auto& verb : verbs) {
    EXPECT_THAT(text.out, HasSubstr("{ \"" + verb + "\":")) << "no example";
    EXPECT_THAT(markdown.out, HasSubstr("`" + verb + "`"));
  }
}

TEST(StepsTest, TheReadmesTableIsWhatThisProgramPrints) {
  const auto readme = read_text(DIALTONE_SOURCE_DIR "/README.md");
  const std::string begin = "<!-- steps:begin -->\n";
  const auto from = readme.find(begin) + begin.size();
  const auto to = readme.find("<!-- steps:end -->");
  ASSERT_NE(to, std::string::npos);
  EXPECT_EQ(readme.substr(from, to - from), run_dialtone({"steps", "--markdown"}).out)
      << "bring it up to date: dialtone steps --markdown";
}

TEST(SchemaTest, TheFileBesideTheScenariosIsWhatThisProgramPrints) {
  const auto result = run_dialtone({"schema"});
  EXPECT_EQ(result.exit_code, 0) << result.how;
  EXPECT_TRUE(result.out == read_text(DIALTONE_SOURCE_DIR "/scenarios/scenario.schema.json"))
      << "bring it up to date: dialtone schema > scenarios/scenario.schema.json";
}

TEST(VersionTest, BothWaysSayTheSame) {
  const auto word = run_dialtone({"version"});
  EXPECT_THAT(word.out, testing::MatchesRegex("dialtone [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(run_dialtone({"--version"}).out, word.out);
}

TEST(FaultsTest, EachIsListedOnceWithARequirement) {
  const auto result = run_dialtone({"serve", "--list-faults"});
  EXPECT_EQ(result.exit_code, 0) << result.how;
  for (const auto* name :
       {"cut-last", "linger0", "no-accept", "no-close-listener", "utf8", "newline", "fixed-port"}) {
    EXPECT_THAT(result.out, HasSubstr(fmt::format("\n  {} ", name)));
  }
  EXPECT_GT(occurrences("[ART-", result.out), 40);
  // Both servers have it.
  EXPECT_EQ(occurrences("\n  cut-last ", result.out), 2);
  EXPECT_THAT(result.out, Not(HasSubstr("[]")));
}

TEST(ServeTest, APortThatIsTakenIsAMistakeAndNamesTheReason) {
  const HeldPort taken(true);
  const auto result = run_dialtone({"serve", "--port", std::to_string(taken.port())});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_THAT(result.err, HasSubstr("Address already in use"));
  EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace dialtone
