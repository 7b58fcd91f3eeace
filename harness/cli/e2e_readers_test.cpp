// What programs of others read in our reports. Those that are not installed are named when their
// tests are skipped; ci/deps.sh installs them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>

#include "harness/cli/e2e_readers_support.hpp"
#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Outcomes = std::map<std::string, std::string>;  // of the scenarios, by their ids

const std::string kGoldens = DIALTONE_SOURCE_DIR "/reports/testdata/";

// 'm' is answered with markup and controls, 'l' with lines that would forge a report's.
constexpr std::string_view kServer = R"(
import socket
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(128)
print('port %d' % server.getsockname()[1], flush=True)
while True:
    client, address = server.accept()
    kind = client.recv(1)
    if kind == b'm':
        client.sendall(b'\x00\x1b[2J\xe2\x80\xae\xff<script>x</script>]]>|`@octocat')
    if kind == b'l':
        client.sendall(b'\n...\nok 9 - x\n::error::x\n##[error]x\n```\n')
    client.close()
)";

constexpr std::string_view kScenarios = R"(
 {"id": "R-1", "title": "<b>bold</b> | ` @octocat #1 # TODO http://evil.example {", "source": "s",
  "steps": [{"connect": "c"}, {"send": "m"}, {"expect": "good"}]},
 {"id": "R-2", "title": "warns", "level": "SHOULD", "source": "s",
  "steps": [{"connect": "c"}, {"send": "l"}, {"expect": "good"}]},
 {"id": "R-3", "title": "passes", "source": "s", "steps": [{"connect": "c"}]},
 {"id": "R-4", "title": "is known", "source": "s",
  "steps": [{"connect": "c"}, {"send": "m"}, {"expect": "good"}]},
 {"id": "R-5", "title": "is skipped", "source": "s", "needs": ["control.close_listener"],
  "steps": [{"connect": "c"}]})";

constexpr std::string_view kSuite =
    R"({{"suite": "readers", "encoding": "utf-8", "scenarios": [{}]}})";

/// A run with a scenario of each of five verdicts, and its reports.
class ReadersTest : public testing::Test {
 protected:
  void SetUp() override {
    if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
    Command command;
    command.argv = {python(), dir_.write("server.py", kServer)};
    Program server(command);
    const auto profile = dir_.write(
        "profile.json", fmt::format(R"({{"name": "<i>mine</i>", "address": "127.0.0.1:{}",
          "known_failures": {{"R-4": "ticket | <u>4</u> # SKIP @octocat"}}}})",
                                    server.line_after("port ")));
    const auto suite = dir_.write("suites/a.json", fmt::format(kSuite, kScenarios));
    const auto result = run_dialtone(
        {"run", suite, "--target", profile, "--report", "junit=" + junit_, "--report",
         "junit:jenkins-xunit=" + xunit_, "--report", "tap=" + tap_, "--report", "tap:13=" + tap13_,
         "--report", "ctrf=" + ctrf_, "--report", "github=" + annotations_},
        {}, {{"GITHUB_WORKSPACE", dir_.path()}, {"GITHUB_STEP_SUMMARY", summary_}});
    ASSERT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
    ASSERT_THAT(result.out, HasSubstr("1 passed, 1 failed, 1 warning, 1 known to fail, 1 skipped"));
  }

  TemporaryDirectory dir_;
  const std::string junit_ = dir_.path("junit.xml");
  const std::string xunit_ = dir_.path("xunit.xml");
  const std::string tap_ = dir_.path("run.tap");
  const std::string tap13_ = dir_.path("run13.tap");
  const std::string ctrf_ = dir_.path("ctrf.json");
  const std::string annotations_ = dir_.path("annotations.txt");
  const std::string summary_ = dir_.path("summary.md");
};

std::string id_of(const std::string& name) { return name.substr(0, name.find(':')); }

const Outcomes kFourWays{{"R-1", "failed"},
                         {"R-2", "skipped"},
                         {"R-3", "passed"},
                         {"R-4", "skipped"},
                         {"R-5", "skipped"}};

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
                       "closes its listening socket on demand while connections live)"}}));
  EXPECT_THAT(texts, AllOf(HasSubstr("R-1: <b>bold</b> | ` @octocat #1 # TODO http"),
                           HasSubstr("\\x00\\x1b[2J\\u{202e}\\xff<script>x</script>]]>|`@octocat"),
                           HasSubstr("\\n...\\nok 9 - x\\n::error::x\\n##[error]x\\n```\\n")));
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
              AllOf(HasSubstr("Tests: 5 Failed: 1"), HasSubstr("Failed test:  1"),
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
  EXPECT_EQ(summary.at("tests"), 5);
  EXPECT_EQ(summary.at("passed"), 1);
  EXPECT_EQ(summary.at("failed"), 1);
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

TEST_F(ReadersTest, JunitToCtrfConvertsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto converted = dir_.path("converted.json");
    const auto read = read_with({npm("junit-to-ctrf"), report, "-o", converted, "-u", "false"});
    if (!read) GTEST_SKIP() << "junit-to-ctrf (npm) is not installed";
    EXPECT_EQ(read->exit_code, 0) << read->how << read->err;
    Outcomes outcomes;
    const auto results = json::parse(read_text(converted)).at("results");
    for (const auto& test : results.at("tests")) outcomes[id_of(test.at("name"))] = test["status"];
    EXPECT_EQ(outcomes, kFourWays);
    const auto& failed = results.at("tests").at(0);
    EXPECT_EQ(failed.at("message"), "step 3: octets differ at offset 0");
    EXPECT_THAT(failed.at("trace").get<std::string>(), HasSubstr("<script>x</script>"));
  }
}

TEST_F(ReadersTest, Junit2jsonReadsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto read = read_with({npm("junit2json"), report});
    if (!read) GTEST_SKIP() << "junit2json (npm) is not installed";
    ASSERT_EQ(read->exit_code, 0) << read->how << read->err;
    const auto suite = json::parse(read->out).at("testsuite").at(0);
    EXPECT_EQ(suite.at("tests"), 5);
    EXPECT_EQ(suite.at("failures"), 1);
    EXPECT_EQ(suite.at("skipped"), 3);
    Outcomes outcomes;
    for (const auto& test : suite.at("testcase"))
      outcomes[id_of(test.at("name"))] = test.contains("failure")   ? "failed"
                                         : test.contains("skipped") ? "skipped"
                                                                    : "passed";
    EXPECT_EQ(outcomes, kFourWays);
  }
}

TEST_F(ReadersTest, JunitReportMergerAddsThemUp) {
  const auto merged = dir_.path("merged.xml");
  const auto read = read_with({npm("jrm"), merged, junit_, xunit_});
  if (!read) GTEST_SKIP() << "junit-report-merger (npm) is not installed";
  ASSERT_EQ(read->exit_code, 0) << read->how << read->err;
  const auto xml = read_text(merged);
  EXPECT_THAT(xml, HasSubstr(R"(<testsuites tests="10" failures="2" errors="0" skipped="6")"));
  EXPECT_EQ(occurrences("<testcase ", xml), 10);
  EXPECT_EQ(xml_mistakes(merged).value_or(""), "");
}

TEST_F(ReadersTest, JunitparserReadsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto read = read_with({python(), kReaders + "junitparser_counts.py", report});
    if (read && read->err.find("No module named 'junitparser'") != Bytes::npos)
      GTEST_SKIP() << "python3-junitparser is not installed";
    ASSERT_TRUE(read);
    EXPECT_EQ(read->out,
              "5 1 0 3\nR-1 Failure\nR-2 Skipped\nR-3 Passed\nR-4 Skipped\nR-5 Skipped\n")
        << read->err;
  }
}

TEST_F(ReadersTest, ActiveSupportReadsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto read = read_with({"/usr/bin/ruby", kReaders + "hash_from_xml.rb", report});
    if (!read || read->err.find("cannot load such file") != Bytes::npos)
      GTEST_SKIP() << "ruby-activesupport is not installed";
    EXPECT_EQ(read->out,
              "5 1 0 3\nR-1 failure\nR-2 skipped\nR-3 passed\nR-4 skipped\nR-5 skipped\n")
        << read->err;
  }
}

// GitHub's own Markdown, with raw HTML let through and bare addresses made links.
TEST_F(ReadersTest, CmarkGfmFindsNoMarkupOfAPeerInTheSummary) {
  const auto read =
      read_with({"cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough"},
                read_text(summary_));
  if (!read) GTEST_SKIP() << "cmark-gfm is not installed";
  ASSERT_EQ(read->exit_code, 0) << read->how << read->err;
  EXPECT_EQ(occurrences("<tr>", read->out), 5);   // the head, and all that did not pass
  EXPECT_EQ(occurrences("<td>", read->out), 20);  // five cells each
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
  EXPECT_THAT(heads, ElementsAre("::error file=suites/a.json", "::warning file=suites/a.json"));
  EXPECT_EQ(occurrences("\n", text), 2);
}

}  // namespace
}  // namespace dialtone
