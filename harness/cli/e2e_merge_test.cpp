// `dialtone merge`: what comes of the shards of a run, against the run that was not divided.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::array kFormats{"ctrf", "github", "html",  "json", "junit", "junit:jenkins-xunit",
                              "tap",  "tap:13", "ndjson"};

// A failure, a mistake that shows the octets, a warning, a skip, a known failure and passes, in two
// suites; and an answer that does not differ from one server's life to another's.
constexpr std::string_view kFirst = R"(
  {"id": "M-1", "title": "fails", "source": "s",
   "steps": [{"connect": "c"}, {"send": "x"}, {"expect": "good"}]},
  {"id": "M-2", "title": "passes", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "M-3", "title": "warns", "level": "SHOULD", "source": "s",
   "steps": [{"connect": "c"}, {"send": "x"}, {"expect": "good"}]},
  {"id": "M-4", "title": "is skipped", "source": "s", "needs": ["tls_client"],
   "steps": [{"connect": "c"}]})";
constexpr std::string_view kSecond = R"(
  {"id": "N-1", "title": "passes", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "N-2", "title": "fails", "source": "s",
   "steps": [{"connect": "c"}, {"send": "y"}, {"expect": {"regex": "^b"}, "within": "50ms"}]},
  {"id": "N-3", "title": "passes", "source": "s", "steps": [{"connect": "c"}]})";

/// Without what no two runs have in common: times, ports, and the positions that follow from times.
std::string without_times(std::string text) {
  const std::array<std::pair<const char*, const char*>, 12> rules{{
      {R"(127\.0\.0\.1:\d+)", "127.0.0.1:PORT"},
      {R"x("(at_ns|took_ns|started_ns|start|stop|duration)": ?\d+)x", "\"$1\":0"},
      {R"(duration_ms: [0-9.]+)", "duration_ms: 0"},
      {R"((time|timestamp)="[^"]*")", "$1=\"0\""},
      {R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)", "MOMENT"},
      {R"(T\+[0-9.]+ (ns|us|µs|ms|s) *)", "T+0 "},
      {R"([0-9.]+ (ns|us|µs|ms|s)\b)", "0 s"},
      {R"(\b(y|y1|y2|cy|height|viewBox|points|d|transform|x|x1|x2|data-[a-z]+)="[^"]*")",
       "$1=\"0\""},
      {R"("text":"built-in server at [^"]*")", "\"text\":\"built-in\""},
      {R"( +)", " "},
      {R"("run":\d+)", "\"run\":0"},
      {R"(process \d+)", "process 0"},
  }};
  for (const auto& [pattern, with] : rules)
    text = std::regex_replace(text, std::regex(pattern), with);
  return text;
}

/// Scenarios run side by side, so that a live log has their lines mixed.
std::string sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(lines);
  std::string sorted;
  for (const auto& line : lines) sorted += line + "\n";
  return sorted;
}

class MergeCommandTest : public testing::Test {
 protected:
  MergeCommandTest() {
    suites_ = dir_.path("suites");
    dir_.write("suites/first.json", suite_json("first", kFirst));
    dir_.write("suites/second.json", suite_json("second", kSecond));
  }

  std::string log(int index) const { return dir_.path(fmt::format("{}.ndjson", index)); }
  ProgramResult run_shard(int index, int total, const Words& more = {}) const {
    Words words{"run",
                suites_,
                "--shard",
                fmt::format("{}/{}", index, total),
                "--strict",
                "--report",
                "ndjson=" + log(index)};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words);
  }
  ProgramResult merge(const std::vector<int>& shards, const Words& more) const {
    Words words{"merge"};
    for (const int index : shards) words.push_back(log(index));
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words);
  }

  TemporaryDirectory dir_;
  std::string suites_;
};

TEST_F(MergeCommandTest, GivesTheReportsOfTheRunThatWasNotDivided) {
  Words whole{"run", suites_, "--strict", "--repeat", "2"};
  Words reports;
  const auto path = [&](const std::string& of, const std::string& format) {
    return dir_.path(of + "-" + std::regex_replace(format, std::regex(":"), "-"));
  };
  for (const std::string format : kFormats) {
    whole.insert(whole.end(), {"--report", format + "=" + path("whole", format)});
    reports.insert(reports.end(), {"--report", format + "=" + path("merged", format)});
  }
  ASSERT_EQ(run_dialtone(whole).exit_code, 1);
  for (int index = 1; index <= 3; ++index) {
    const auto ran = run_shard(index, 3, {"--repeat", "2"});
    ASSERT_LE(ran.exit_code, 1) << ran.err;
  }
  const auto merged = merge({3, 1, 2}, reports);
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(merged.err, "");
  for (const std::string format : kFormats) {
    auto expected = without_times(read_text(path("whole", format)));
    auto actual = without_times(read_text(path("merged", format)));
    EXPECT_THAT(expected, HasSubstr("M-1")) << format;
    if (format == "ndjson") {
      expected = sorted_lines(expected);
      actual = sorted_lines(actual);
    }
    EXPECT_EQ(actual, expected) << format;
  }
}

TEST_F(MergeCommandTest, WritesALogThatAnotherReportIsMadeOf) {
  for (int index = 1; index <= 2; ++index) run_shard(index, 2);
  const auto whole = dir_.path("whole.ndjson");
  ASSERT_EQ(merge({1, 2}, {"-o", whole}).exit_code, 0);
  const auto made = run_dialtone({"report", whole, "--report", "junit"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.out, merge({1, 2}, {"--report", "junit"}).out);
  EXPECT_EQ(occurrences("<testcase ", made.out), 7);
  EXPECT_THAT(made.out, Not(HasSubstr("dialtone.shard")));
}

TEST_F(MergeCommandTest, RefusesWhatIsMissingUnlessItMayBe) {
  for (int index = 1; index <= 2; ++index) run_shard(index, 3);
  const auto refused = merge({1, 2}, {"--report", "junit"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(HasSubstr(log(1) + ":1:1: shard 3 of 3 is missing\n"),
                                 HasSubstr("1 mistake; nothing was written\n")));
  const auto partial = merge({1, 2}, {"--partial", "--report", "junit"});
  EXPECT_EQ(partial.exit_code, 0) << partial.err;
  EXPECT_THAT(partial.err, HasSubstr("dialtone: shard 3 of 3 is missing\n"));
  EXPECT_THAT(partial.out, HasSubstr("dialtone.missing_shards"));
}

TEST_F(MergeCommandTest, KnowsShardsOfOtherSuitesOptionsAndTargets) {
  run_shard(1, 2);
  const auto second = [&](const Words& more) {
    run_shard(2, 2, more);
    const auto merged = merge({1, 2}, {"--report", "junit"});
    EXPECT_EQ(merged.exit_code, 2);
    EXPECT_THAT(merged.err, HasSubstr(log(2) + ":1:1: "));
    return merged.err;
  };
  EXPECT_THAT(second({"--time-scale", "2"}), HasSubstr("the digest of the options is '"));
  EXPECT_THAT(second({"--fault", "no-reply"}),
              AllOf(HasSubstr("the digest of the options is '"),
                    HasSubstr("the target is 'built-in server with fault no-reply' here")));
  EXPECT_THAT(second({"--exclude", "N-3"}), HasSubstr("the number of scenarios in all is 6 here"));
  auto changed = std::string(kSecond);
  changed.replace(changed.find("\"y\""), 3, "\"z\"");
  dir_.write("suites/second.json", suite_json("second", changed));
  EXPECT_THAT(second({}), HasSubstr("the digest of what the suites say is '"));
}

TEST_F(MergeCommandTest, ReadsEveryLogBeforeItSpeaks) {
  const auto xml = dir_.write("run.xml", "<testsuites/>\n");
  const auto merged = run_dialtone({"merge", dir_.path("none"), xml, "--report", "junitt"});
  EXPECT_EQ(merged.exit_code, 2);
  EXPECT_THAT(merged.err, AllOf(HasSubstr("No such file or directory"), HasSubstr(xml + ":1:1: "),
                                HasSubstr("did you mean 'junit'?"), HasSubstr("2 mistakes")));
  EXPECT_EQ(run_dialtone({"merge"}).exit_code, 2);
}

TEST_F(MergeCommandTest, WantsToBeToldWhatToMake) {
  run_shard(1, 1);
  const auto merged = merge({1}, {});
  EXPECT_EQ(merged.exit_code, 2);
  EXPECT_THAT(merged.err, HasSubstr("nothing is to be made of them"));
}

TEST_F(MergeCommandTest, AReportThatCannotBeWrittenIsSaid) {
  run_shard(1, 1);
  const auto full = merge({1}, {"-o", "/dev/full"});
  EXPECT_EQ(full.exit_code, 3) << full.how;
  EXPECT_THAT(full.err, HasSubstr("(ENOSPC)"));
}

}  // namespace
}  // namespace dialtone
