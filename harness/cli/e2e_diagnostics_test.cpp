// What an author of scenarios meets: every mistake at once, each with its place and a hint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class DiagnosticsTest : public testing::Test {
 protected:
  const std::string a_ = dir_.write("suites/a.json", R"({
  "suite": "bad.a",
  "scenarios": [
    { "id": "A-1", "title": "t", "source": "s", "steps": [
      { "connect": "c" },
      { "expct": "x" }
    ] },
    { "id": "A-2", "title": "t", "source": "s", "levl": "MUST", "steps": [
      { "send": "${nobody}" }
    ] }
  ]
})");
  const std::string b_ = dir_.write("suites/below/b.json", R"({
  "suite": "bad.b",
  "encoding": "gbk",
  "scenarios": [
    { "id": "B-1", "title": "t", "source": "s", "steps": [
      { "connect": "c", "within": "2" },
      { "send": "☃" }
    ] }
  ]
})");
  const std::string c_ =
      dir_.write("suites/c.json", "{\n  \"suite\": \"bad.c\",\n  \"scenarios\": [\n");
  const std::string good_ = dir_.write(
      "suites/good.json",
      suite_json("good",
                 R"({"id": "G-1", "title": "t", "source": "s", "steps": [{"connect": "c"}]})"));

  void expect_all_mistakes(const ProgramResult& result) const {
    EXPECT_EQ(result.exit_code, 2) << result.how;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err,
                HasSubstr(a_ + ":6:9: unknown step 'expct'\n  hint: did you mean 'expect'?\n"));
    EXPECT_THAT(
        result.err,
        HasSubstr(a_ + ":8:49: unknown key 'levl' in a scenario\n  hint: did you mean 'level'?\n"));
    EXPECT_THAT(result.err, HasSubstr(a_ + ":9:"));
    EXPECT_THAT(result.err, HasSubstr("unknown variable 'nobody'"));
    EXPECT_THAT(result.err, HasSubstr(b_ + ":6:"));
    EXPECT_THAT(result.err, HasSubstr(b_ + ":7:"));
    EXPECT_THAT(result.err, HasSubstr("U+2603"));
    EXPECT_THAT(result.err, HasSubstr(c_ + ":4:1: "));
    EXPECT_THAT(result.err, HasSubstr("mistakes; nothing was run"));
  }

  TemporaryDirectory& directory() { return dir_; }

 private:
  static inline TemporaryDirectory dir_;
};

TEST_F(DiagnosticsTest, ValidateTellsAllMistakesOfAllFiles) {
  expect_all_mistakes(run_dialtone({"validate", directory().path("suites")}));
}

TEST_F(DiagnosticsTest, RunTellsTheSameAndRunsNothing) {
  const auto report = directory().path("report.xml");
  expect_all_mistakes(
      run_dialtone({"run", directory().path("suites"), "--report", "junit=" + report}));
  EXPECT_EQ(read_text(report), "");
}

TEST_F(DiagnosticsTest, MistakesOfTheProfileAndTheSuitesComeTogether) {
  const auto profile = directory().write(
      "profile.json", "{\n  \"address\": \"127.0.0.1:${prt}\",\n  \"provides\": [\"lop\"]\n}");
  const auto result = run_dialtone({"run", directory().path("suites"), "--target", profile});
  expect_all_mistakes(result);
  EXPECT_THAT(result.err, HasSubstr(profile + ":2:14: unknown variable 'prt'"));
  EXPECT_THAT(
      result.err,
      HasSubstr(profile + ":3:16: unknown capability 'lop'\n  hint: did you mean 'loop'?\n"));
}

TEST_F(DiagnosticsTest, ValidateCountsWhatIsGood) {
  const auto result = run_dialtone({"validate", good_});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_EQ(result.out, "1 scenario in 1 file: no mistakes\n");
}

TEST_F(DiagnosticsTest, TheArticleSuitesHaveNoMistake) {
  const auto result = run_dialtone({"validate", kArticle});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_THAT(result.out, StartsWith("50 scenarios in 4 files: no mistakes"));
}

TEST_F(DiagnosticsTest, OctetsOfAFileThatCouldSteerATerminalAreShownAsText) {
  const auto file = directory().write("hostile.json",
                                      "{\"suite\": \"s\", \"\x1b[31mred\": 1, \"scenarios\": []}");
  const auto result = run_dialtone({"validate", file});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos) << result.err;
}

TEST_F(DiagnosticsTest, AnEmptyDirectoryIsAMistakeAndNotGreen) {
  const TemporaryDirectory empty;
  const auto result = run_dialtone({"run", empty.path()});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_NE(result.err, "");
}

}  // namespace
}  // namespace dialtone
