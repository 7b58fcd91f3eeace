// What programs of others read in our reports. Those that are not installed are named when their
// tests are skipped; ci/deps.sh installs them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>

#include "harness/cli/e2e_readers_fixture.hpp"
#include "harness/cli/e2e_readers_support.hpp"

namespace dialtone {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kGoldens = DIALTONE_SOURCE_DIR "/reports/testdata/";

/// The test points of all subtests, of what tap-parser tells as events.
std::vector<json> points_of(const json& events) {
  std::vector<json> points;
  for (const auto& event : events) {
    if (event.at(0) != "child") continue;
    for (const auto& inner : event.at(1))
      if (inner.at(0) == "assert") points.push_back(inner.at(1));
  }
  return points;
}

std::string outcome_of(const json& point) {
  std::string outcome = point.at("ok") == true ? "ok" : "not ok";
  for (const auto* directive : {"todo", "skip"})
    if (point.at(directive) != false)
      outcome += fmt::format(", {}: {}", directive, point.at(directive).get<std::string>());
  return outcome;
}

/// The name, and the conversation where there is one.
std::string text_of(const json& point) {
  return point.at("name").get<std::string>() + "\n" + point.at("diag").value("conversation", "");
}

TEST_F(ReadersTest, TapParserFindsEachVerdictInTheSubtest) {
  const auto read = read_with({npm("tap-parser"), "--strict", "--json"}, read_text(tap_));
  if (!read) GTEST_SKIP() << "tap-parser (npm) is not installed";
  EXPECT_EQ(read->exit_code, 1) << read->how << read->err;  // as the stream has a failure
  const auto events = json::parse(read->out);
  std::string texts;
  Outcomes outcomes;
  for (const auto& point : points_of(events)) {
    texts += text_of(point);
    outcomes[id_of(point.at("name"))] = outcome_of(point);
  }
  EXPECT_EQ(outcomes,
            (Outcomes{{"R-1", "not ok"},
                      {"R-2", "not ok, todo: warning: step 3: octets differ at offset 0"},
                      {"R-3", "ok"},
                      {"R-4", "not ok, todo: known failure: ticket | <u>4</u> # SKIP @octocat"},
                      {"R-5",
                       "ok, skip: the target does not provide 'control.close_listener' (C3: it "
                       "closes its listening socket on demand while connections live)"},
                      {"R-6", "ok"},
                      {"R-7", "not ok"}}));
  EXPECT_THAT(texts, AllOf(HasSubstr("R-1: <b>bold</b> | ` @octocat #1 # TODO http"),
                           HasSubstr("\\x00\\x1b[2J\\u{202e}\\xff<script>x</script>]]>|`@octocat"),
                           HasSubstr("\\n...\\nok 9 - x\\n::error::x\\n\\x23#[error]x\\n```\\n")));
  json complete;
  for (const auto& event : events)
    if (event.at(0) == "complete") complete = event.at(1);
  EXPECT_EQ(complete.at("count"), 1);  // the suite
  EXPECT_EQ(complete.at("failures").size(), 1U);
  EXPECT_EQ(complete.at("failures").at(0).at("tapError"), json());
}

// Perl's harness knows no version after 13.
TEST_F(ReadersTest, ProveCountsTheScenariosOfVersion13) {
  const auto read = read_with({"prove", "--verbose", "--exec", "cat", tap13_});
  if (!read) GTEST_SKIP() << "prove (perl) is not installed";
  EXPECT_EQ(read->exit_code, 1) << read->how << read->err;
  EXPECT_THAT(read->out,
              AllOf(HasSubstr("Tests: 7 Failed: 2"), HasSubstr("Failed tests:  1, 7"),
                    HasSubstr("# TODO known failure: ticket | <u>4</u> \\# SKIP @octocat"),
                    Not(HasSubstr("Parse errors"))));
}

TEST_F(ReadersTest, TheSchemaOfCtrfHoldsAndItsCounts) {
  if (!std::filesystem::exists(kPackages + "/ctrf"))
    GTEST_SKIP() << "ctrf and ajv (npm) are not installed";
  const auto read = read_with({"node", kReaders + "ctrf_schema.cjs", ctrf_});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->out, "valid\n") << read->err;
  const auto summary = json::parse(read_text(ctrf_)).at("results").at("summary");
  EXPECT_EQ(summary.at("tests"), 7);
  EXPECT_EQ(summary.at("passed"), 2);
  EXPECT_EQ(summary.at("flaky"), 1);
  EXPECT_EQ(summary.at("failed"), 2);
  EXPECT_EQ(summary.at("skipped"), 1);
  EXPECT_EQ(summary.at("other"), 2);
}

// The sample run of the goldens has an error too, and what a program wrote.
TEST(ReadersOfGoldensTest, TheSchemaOfCtrfHolds) {
  if (!std::filesystem::exists(kPackages + "/ctrf"))
    GTEST_SKIP() << "ctrf and ajv (npm) are not installed";
  const auto read = read_with({"node", kReaders + "ctrf_schema.cjs", kGoldens + "ctrf.json"});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->out, "valid\n") << read->err;
}

TEST(ReadersOfGoldensTest, TapParserFindsTwoSubtestsThatFail) {
  const auto read =
      read_with({npm("tap-parser"), "--strict", "--json"}, read_text(kGoldens + "tap.txt"));
  if (!read) GTEST_SKIP() << "tap-parser (npm) is not installed";
  const auto events = json::parse(read->out);
  std::vector<std::string> verdicts;
  for (const auto& point : points_of(events))
    verdicts.push_back(point.at("diag").at("verdict").get<std::string>() + ": " +
                       (point.at("ok") == true ? "ok" : "not ok"));
  EXPECT_THAT(verdicts, ElementsAre("fail: not ok", "pass: ok", "warn: not ok", "known: not ok",
                                    "skip: ok", "error: not ok"));
  EXPECT_THAT(read->out, Not(HasSubstr("\"extra\"")));  // lines that it did not understand
}

// GitHub's own Markdown, with raw HTML let through and bare addresses made links.
TEST_F(ReadersTest, CmarkGfmFindsNoMarkupOfAPeerInTheSummary) {
  const auto read =
      read_with({"cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough"},
                read_text(summary_));
  if (!read) GTEST_SKIP() << "cmark-gfm is not installed";
  ASSERT_EQ(read->exit_code, 0) << read->how << read->err;
  EXPECT_EQ(occurrences("<tr>", read->out), 7);   // the head, what did not pass, and what is flaky
  EXPECT_EQ(occurrences("<td>", read->out), 30);  // five cells each
  EXPECT_THAT(read->out, HasSubstr("&lt;script&gt;x&lt;/script&gt;"));
  const auto outside = std::regex_replace(read->out, std::regex("<code[^>]*>[^<]*</code>"), "");
  const std::regex ours("</?(h2|h3|p|table|thead|tbody|tr|th|td|strong|pre)>");
  EXPECT_THAT(std::regex_replace(outside, ours, ""),
              AllOf(Not(HasSubstr("<")), Not(HasSubstr("octocat")), Not(HasSubstr("evil"))));
}

TEST_F(ReadersTest, AnnotationsArePlacedInTheRepository) {
  std::vector<std::string> heads;
  const auto text = read_text(annotations_);
  const std::regex command("(^|\n)(::[a-z]+ file=[^,]*),line=[1-9][0-9]*,col=[1-9][0-9]*,title=R-");
  for (std::sregex_iterator match(text.begin(), text.end(), command), end; match != end; ++match)
    heads.push_back((*match)[2]);
  EXPECT_THAT(heads, ElementsAre("::error file=suites/a.json", "::error file=suites/a.json",
                                 "::warning file=suites/a.json", "::warning file=suites/a.json"));
  EXPECT_EQ(occurrences("\n", text), 4);
}

TEST_F(ReadersTest, TheLogGivesTheOtherReports) {
  const std::map<std::string, std::string> written{
      {"junit", junit_}, {"junit:jenkins-xunit", xunit_},
      {"tap", tap_},     {"ctrf", ctrf_},
      {"json", json_},   {"html", html_}};
  const auto first_captures = dir_.path("first_captures");
  std::filesystem::rename(captures_, first_captures);  // their path stands in the other reports
  Words words{"report", log_, "--report", "pcapng=" + captures_};
  for (const auto& [format, file] : written)
    words.insert(words.end(), {"--report", format + "=" + dir_.path("again/" + format)});
  const auto made = run_dialtone(words, {}, {{"GITHUB_WORKSPACE", dir_.path()}});
  EXPECT_EQ(made.exit_code, 0) << made.how << made.err;
  for (const auto& [format, file] : written)
    EXPECT_EQ(read_text(dir_.path("again/" + format)), read_text(file)) << format;
  int captures = 0;
  for (const auto& capture : std::filesystem::directory_iterator(first_captures)) {
    const auto name = capture.path().filename().string();
    EXPECT_EQ(read_text(captures_ + "/" + name), read_text(capture.path())) << name;
    ++captures;
  }
  EXPECT_EQ(captures, 6);  // all but what was skipped
}

TEST_F(ReadersTest, ChromiumShowsEachVerdictAndHostileOctetsAsText) {
  const auto directory = std::filesystem::path(html_).parent_path().string();
  const auto read = read_with(
      {"node", DIALTONE_SOURCE_DIR "/ci/html/browser_test.mjs", directory, "./run_checks.mjs"});
  if (!read) GTEST_SKIP() << "node is not installed";
  if (read->exit_code == 77) GTEST_SKIP() << read->out;
  EXPECT_EQ(read->exit_code, 0) << read->out << read->err;
  EXPECT_THAT(read->out, HasSubstr("ok hostileOctetsStayText\nok showsEachVerdict\n"));
}

// Those of the last attempt.
TEST_F(ReadersTest, TsharkFollowsTheStreamsToTheOctets) {
  const std::map<std::string, std::string> answers{
      {"R-1", "001b5b324ae280aeff3c7363726970743e783c2f7363726970743e5d5d3e7c60406f63746f636174"},
      {"R-2", "0a2e2e2e0a6f6b2039202d20780a3a3a6572726f723a3a780a23235b6572726f725d780a6060600a"},
      {"R-6", "676f6f64"}};
  for (const auto& [id, octets] : answers) {
    const auto read =
        read_with({"/usr/bin/tshark", "-n", "-r", captures_ + "/readers_" + id + ".pcapng", "-q",
                   "-z", "follow,tcp,raw,0"});
    if (!read) GTEST_SKIP() << "tshark is not installed";
    EXPECT_EQ(read->exit_code, 0) << read->err;
    EXPECT_THAT(read->out, HasSubstr("\n\t" + octets + "\n")) << id;
  }
}

}  // namespace
}  // namespace dialtone
