// --retries, from a server that fails at first to what a reader makes of the report.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <vector>

#include "harness/cli/e2e_readers_support.hpp"
#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Answers each request "good", but the first "f" and every "a" with "bad!".
constexpr std::string_view kServer = R"(
import socket
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(128)
print('port %d' % server.getsockname()[1], flush=True)
asked = 0
while True:
    client, address = server.accept()
    kind = client.recv(1)
    asked += kind == b'f'
    bad = kind == b'a' or (kind == b'f' and asked == 1)
    client.sendall(b'bad!' if bad else b'good')
    client.close()
)";

constexpr std::string_view kScenarios = R"(
 {"id": "RT-1", "title": "fails at first", "source": "s",
  "steps": [{"connect": "c"}, {"send": "f"}, {"expect": "good"}]},
 {"id": "RT-2", "title": "fails always", "source": "s",
  "steps": [{"connect": "c"}, {"send": "a"}, {"expect": "good"}]},
 {"id": "RT-3", "title": "passes", "source": "s",
  "steps": [{"connect": "c"}, {"send": "p"}, {"expect": "good"}]})";

class RetriesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
    Command command;
    command.argv = {python(), dir_.write("server.py", kServer)};
    server_.emplace(command);
    profile_ =
        dir_.write("profile.json", fmt::format(R"({{"name": "mine", "address": "127.0.0.1:{}"}})",
                                               server_->line_after("port ")));
    suite_ = dir_.write("suites/a.json", suite_json("retries", kScenarios));
  }

  ProgramResult run(const Words& more) const {
    Words words{"run", suite_, "--target", profile_};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words);
  }

  TemporaryDirectory dir_;
  std::optional<Program> server_;
  std::string profile_;
  std::string suite_;
};

TEST_F(RetriesTest, APassAtTheSecondAttemptPassesAndIsToldAsFlaky) {
  const auto ran = run({"--retries", "2", "--filter", "RT-[13]"});
  EXPECT_EQ(ran.exit_code, 0) << ran.how << ran.out << ran.err;
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("flaky  RT-1"), HasSubstr("attempt 1 of 2: fail: step 3: octets"),
                    HasSubstr("2 scenarios: 2 passed (1 flaky), 0 failed")));
}

TEST_F(RetriesTest, WithoutRetriesItFails) {
  const auto ran = run({"--filter", "RT-1"});
  EXPECT_EQ(ran.exit_code, 1) << ran.how;
  EXPECT_THAT(ran.out, Not(HasSubstr("flaky")));
}

TEST_F(RetriesTest, WhatIsFlakyFailsWhereThatIsWanted) {
  const auto junit = dir_.path("run.xml");
  const auto ran =
      run({"--retries", "1", "--fail-flaky", "--filter", "RT-1", "--report", "junit=" + junit});
  EXPECT_EQ(ran.exit_code, 1) << ran.how;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("flaky: it passed at attempt 2, and failed before: octets"),
                             HasSubstr("0 passed, 1 failed")));
  EXPECT_THAT(read_text(junit), AllOf(HasSubstr(R"(type="dialtone.Flaky")"),
                                      HasSubstr("<rerunFailure "), HasSubstr(R"(failures="1")")));
}

TEST_F(RetriesTest, TheLogGivesTheSameReports) {
  const Words formats{"junit", "junit:jenkins-xunit", "json", "html", "tap", "ctrf"};
  const auto log = dir_.path("log.ndjson");
  Words words{"--retries", "2", "--report", "ndjson=" + log};
  for (const auto& format : formats) {
    words.emplace_back("--report");
    words.push_back(format + "=" + dir_.path(format));
  }
  ASSERT_EQ(run(words).exit_code, 1);
  for (const auto& format : formats) {
    const auto made = run_dialtone({"report", log, "--report", format});
    EXPECT_EQ(made.err, "");
    EXPECT_EQ(made.out, read_text(dir_.path(format))) << format;
  }
}

// Check 17 of what readers of JUnit need.
TEST_F(RetriesTest, JunitToCtrfSeesWhatIsFlaky) {
  const auto junit = dir_.path("run.xml");
  const auto xunit = dir_.path("xunit.xml");
  ASSERT_EQ(run({"--retries", "2", "--report", "junit=" + junit, "--report",
                 "junit:jenkins-xunit=" + xunit})
                .exit_code,
            1);
  for (const auto& report : {junit, xunit}) {
    const auto converted = dir_.path("converted.json");
    const auto read = read_with({npm("junit-to-ctrf"), report, "-o", converted, "-u", "false"});
    if (!read) GTEST_SKIP() << "junit-to-ctrf (npm) is not installed";
    EXPECT_EQ(read->exit_code, 0) << read->how << read->err;
    const auto results = json::parse(read_text(converted)).at("results");
    EXPECT_EQ(results.at("summary").at("flaky"), 1);
    std::vector<std::string> seen;
    for (const auto& test : results.at("tests")) {
      seen.push_back(fmt::format("{}{}, {} retries", test.at("status").get<std::string>(),
                                 test.value("flaky", false) ? " flaky" : "",
                                 test.value("retries", 0)));
    }
    EXPECT_THAT(seen,
                ElementsAre("passed flaky, 1 retries", "failed, 2 retries", "passed, 0 retries"));
  }
}

TEST_F(RetriesTest, TheSchemaOfCtrfHolds) {
  const auto ctrf = dir_.path("ctrf.json");
  ASSERT_EQ(run({"--retries", "2", "--report", "ctrf=" + ctrf}).exit_code, 1);
  if (!std::filesystem::exists(kPackages + "/ctrf"))
    GTEST_SKIP() << "ctrf and ajv (npm) are not installed";
  const auto read = read_with({"node", kReaders + "ctrf_schema.cjs", ctrf});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->out, "valid\n") << read->err;
}

/// The cases of a JUnit report as text, without their times and without what the kernel chose, in
/// the order of the alphabet: a shard's stand in a suite element of its own. Whether a server's FIN
/// is there already when a failed scenario closes is chance.
std::vector<std::string> cases_of(const std::string& xml) {
  std::vector<std::string> cases;
  for (auto at = xml.find("<testcase "); at != std::string::npos; at = xml.find("<testcase ", at)) {
    const auto tag_end = xml.find('>', at);
    const bool is_empty = xml[tag_end - 1] == '/';
    const auto end = is_empty ? tag_end - 1 : xml.find("</testcase>", at);
    auto text = xml.substr(at, end - at) + (is_empty ? ">" : "");
    for (const auto* varying : {R"( time="[^"]*")", R"(T\+[0-9.]+ [mu]?s *)",
                                R"(127\.0\.0\.1:[0-9]+)", R"(&lt;- c +FIN)", R"(\s+)"})
      text = std::regex_replace(text, std::regex(varying), " ");
    cases.push_back(std::move(text));
    at = end;
  }
  std::ranges::sort(cases);
  return cases;
}

// Check 19.
TEST_F(RetriesTest, MergedShardsAreTheWholeRun) {
  ASSERT_EQ(run({"--filter", "RT-1"}).exit_code, 1);  // from now on it passes
  const auto whole = dir_.path("whole.xml");
  ASSERT_EQ(run({"--report", "junit=" + whole}).exit_code, 1);
  const auto merged = dir_.path("merged.xml");
  Words merging{npm("jrm"), merged};
  for (const std::string id : {"RT-3", "RT-1", "RT-2"}) {
    merging.push_back(dir_.path(id + ".xml"));
    run({"--filter", id, "--report", "junit=" + merging.back()});
  }
  const auto read = read_with(merging);
  if (!read) GTEST_SKIP() << "junit-report-merger (npm) is not installed";
  ASSERT_EQ(read->exit_code, 0) << read->how << read->err;
  const auto xml = read_text(merged);
  EXPECT_THAT(xml, HasSubstr(R"(<testsuites tests="3" failures="1" errors="0" skipped="0")"));
  EXPECT_EQ(cases_of(xml), cases_of(read_text(whole)));
  EXPECT_EQ(cases_of(xml).size(), 3U);
}

}  // namespace
}  // namespace dialtone
