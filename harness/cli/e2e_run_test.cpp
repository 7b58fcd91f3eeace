// `dialtone run`, as a user meets it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"
#include "harness/cli/shell_words.hpp"

namespace dialtone {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Ids = std::set<std::string>;

constexpr int kArticleScenarios = 50;

/// What each scenario of a suite is about is said in its id: "PASS..." does, "FAIL..." does not.
std::string scenario(std::string_view id, std::string_view more = {}) {
  const auto reply = id.starts_with("FAIL") ? "thank you ?" : "thank you !";
  return fmt::format(R"({{"id": "{}", "title": "t", "source": "s", {} "needs": ["request_reply"],
    "steps": [{{"connect": "c"}}, {{"send": "你在么?"}}, {{"expect": "{}"}}, {{"expect_eof": "c"}}]}})",
                     id, more, reply);
}

class RunTest : public testing::Test {
 protected:
  std::string suite(std::string_view name, std::string_view scenarios) const {
    return dir_.write(name, suite_json("suite", scenarios));
  }
  static Ids ran(const Words& arguments) {
    const auto result = run_dialtone(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
    return ids_with("pass", result.out);
  }

  TemporaryDirectory dir_;
  const std::string three_levels_ = suite(
      "levels.json", scenario("PASS-1") + "," +
                         scenario("PASS-2", R"("level": "SHOULD", "tags": ["slow", "odd"],)") +
                         "," + scenario("PASS-3", R"("level": "MAY", "tags": ["odd"],)"));
};

TEST(ArticleRunTest, NothingFailsNothingIsSkippedAndTheReportHoldsAll) {
  const TemporaryDirectory dir;
  const auto report = dir.path("not/there/yet/article.xml");
  const auto result = run_dialtone({"run", kArticle, "--report", "junit=" + report});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr(fmt::format("{0} scenarios: {0} passed, 0 failed, 0 skipped",
                                                kArticleScenarios)));
  EXPECT_EQ(ids_with("pass", result.out).size(), static_cast<std::size_t>(kArticleScenarios));
  EXPECT_EQ(result.err, "");
  const auto xml = read_text(report);
  EXPECT_EQ(occurrences("<testcase ", xml), kArticleScenarios);
  EXPECT_EQ(
      occurrences("<failure", xml) + occurrences("<error", xml) + occurrences("<skipped", xml), 0);
}

TEST(ArticleRunTest, TheReportIsWellFormedAlsoWithFailures) {
  const TemporaryDirectory dir;
  const auto report = dir.path("article.xml");
  const auto result = run_dialtone({"run", kArticle, "--fault", "cut-last", "--exclude", "ART-32",
                                    "--report", "junit=" + report});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.err;
  const auto mistakes = xml_mistakes(report);
  if (!mistakes) GTEST_SKIP() << "there is no xmllint";
  EXPECT_EQ(*mistakes, "");
  EXPECT_GT(occurrences("<failure", read_text(report)), 10);
}

TEST_F(RunTest, FilterAndExcludeTakeGlobsOnTheId) {
  EXPECT_EQ(ran({"run", kArticle, "--filter", "ART-0[23]", "-f", "ART-10"}),
            (Ids{"ART-02", "ART-03", "ART-10"}));
  EXPECT_EQ(ran({"run", kArticle, "--filter", "ART-30*", "--exclude", "*.client"}), Ids{"ART-30"});
  EXPECT_EQ(ran({"run", kArticle, "--filter", "article.sockets/ART-3?"}),
            (Ids{"ART-32", "ART-33"}));
}

TEST_F(RunTest, OptionsMayStandBeforeThePaths) {
  EXPECT_EQ(ran({"run", "--filter", "ART-02", kArticle}), Ids{"ART-02"});
}

TEST_F(RunTest, TagSelectsAnyOfThem) {
  EXPECT_EQ(ran({"run", three_levels_, "--tag", "slow"}), Ids{"PASS-2"});
  EXPECT_EQ(ran({"run", three_levels_, "-t", "odd"}), (Ids{"PASS-2", "PASS-3"}));
}

TEST_F(RunTest, LevelLeavesOutWhatIsBelow) {
  EXPECT_EQ(ran({"run", three_levels_, "--level", "MUST"}), Ids{"PASS-1"});
  EXPECT_EQ(ran({"run", three_levels_, "--level", "SHOULD"}), (Ids{"PASS-1", "PASS-2"}));
  EXPECT_EQ(ran({"run", three_levels_, "--level", "MAY"}), (Ids{"PASS-1", "PASS-2", "PASS-3"}));
}

TEST_F(RunTest, RepeatRunsEachThatOften) {
  const auto report = dir_.path("report.xml");
  const auto result =
      run_dialtone({"run", three_levels_, "--repeat", "5", "--report", "junit=" + report});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_EQ(occurrences("5/5 passed", result.out), 3);
  EXPECT_THAT(result.out, HasSubstr("15 runs of 3 scenarios: 15 passed"));
  EXPECT_THAT(read_text(report), HasSubstr("</testsuites>"));
}

TEST_F(RunTest, FailFastStartsNothingAfterTheFirstFailure) {
  const auto file = suite("fast.json", scenario("PASS-1") + "," + scenario("FAIL-2") + "," +
                                           scenario("PASS-3") + "," + scenario("FAIL-4"));
  const auto all = run_dialtone({"run", file, "--jobs", "1"});
  EXPECT_EQ(all.exit_code, 1) << all.how;
  EXPECT_EQ(ids_with("FAIL", all.out), (Ids{"FAIL-2", "FAIL-4"}));
  const auto first = run_dialtone({"run", file, "--jobs", "1", "--fail-fast"});
  EXPECT_EQ(first.exit_code, 1) << first.how;
  EXPECT_EQ(ids_with("pass", first.out), Ids{"PASS-1"});
  EXPECT_EQ(ids_with("FAIL", first.out), Ids{"FAIL-2"});
}

TEST_F(RunTest, QuietTellsOnlyWhatDidNotPass) {
  const auto file = suite("quiet.json", scenario("PASS-1") + "," + scenario("FAIL-2"));
  const auto result = run_dialtone({"run", file, "-q"});
  EXPECT_EQ(ids_with("pass", result.out), Ids{});
  EXPECT_EQ(ids_with("FAIL", result.out), Ids{"FAIL-2"});
  const auto good = run_dialtone({"run", three_levels_, "-q"});
  EXPECT_THAT(good.out, StartsWith("3 scenarios: 3 passed, 0 failed, 0 skipped"));
  EXPECT_EQ(occurrences("\n", good.out), 1);
}

TEST_F(RunTest, VerboseShowsTheConversationsThatPassedToo) {
  EXPECT_THAT(run_dialtone({"run", three_levels_}).out, Not(HasSubstr("-> c")));
  EXPECT_THAT(run_dialtone({"run", three_levels_, "-v"}).out,
              HasSubstr("-> c  7 octets  c4 e3 d4 da c3 b4 3f  \"你在么?\""));
}

TEST_F(RunTest, ColorIsForTerminalsUnlessAskedFor) {
  EXPECT_THAT(run_dialtone({"run", three_levels_}).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(run_dialtone({"run", three_levels_, "--color", "never"}).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(run_dialtone({"run", three_levels_, "--color", "always"}).out,
              HasSubstr("\x1b[32mpass\x1b[0m"));
}

TEST_F(RunTest, NoColorIsHonouredOnATerminal) {
  if (!std::filesystem::exists("/usr/bin/script"))
    GTEST_SKIP() << "there is no script(1) to make a terminal";
  const auto on_terminal = [&](std::string_view no_color, std::string_view more) {
    Command command;
    command.argv = {
        "/usr/bin/script", "-qec",
        fmt::format("{} run {} {}", shell_word(DIALTONE_BINARY), shell_word(three_levels_), more),
        "/dev/null"};
    command.environment = {{"NO_COLOR", std::string(no_color)}};
    return run_program(command).out;
  };
  EXPECT_THAT(on_terminal("", ""), HasSubstr("\x1b[32mpass"));
  EXPECT_THAT(on_terminal("1", ""), AnyOf(HasSubstr("pass   PASS-1"), HasSubstr("3 passed")));
  EXPECT_THAT(on_terminal("1", ""), Not(HasSubstr("\x1b[32m")));
  EXPECT_THAT(on_terminal("1", "--color always"),
              HasSubstr("\x1b[32mpass"));  // what is asked for wins
}

TEST_F(RunTest, ProgressIsForTerminalsUnlessAskedFor) {
  EXPECT_THAT(run_dialtone({"run", three_levels_}).out, Not(HasSubstr("3/3 finished")));
  EXPECT_THAT(run_dialtone({"run", three_levels_, "--progress", "never"}).out,
              Not(HasSubstr("\r")));
  EXPECT_THAT(run_dialtone({"run", three_levels_, "--progress", "always"}).out,
              HasSubstr("3/3 finished, 0 failed\r\x1b[K"));
}

TEST_F(RunTest, AShouldThatFailsIsAWarningAndWithStrictAFailure) {
  const auto file =
      suite("should.json", scenario("FAIL-1", R"("level": "SHOULD",)") + "," + scenario("PASS-2"));
  const auto report = dir_.path("report.xml");
  const auto lax = run_dialtone({"run", file, "--report", "junit=" + report});
  EXPECT_EQ(lax.exit_code, 0) << lax.how << lax.err;
  EXPECT_EQ(ids_with("warn", lax.out), Ids{"FAIL-1"});
  EXPECT_THAT(read_text(report),
              AllOf(HasSubstr("<skipped message=\"warning:"), Not(HasSubstr("<failure"))));
  const auto strict = run_dialtone({"run", file, "--strict", "--report", "junit=" + report});
  EXPECT_EQ(strict.exit_code, 1) << strict.how << strict.err;
  EXPECT_THAT(strict.out, HasSubstr("failed: FAIL-1"));
  EXPECT_THAT(read_text(report), HasSubstr("<failure"));
}

TEST_F(RunTest, VariablesOfTheCommandLineWin) {
  const auto file = dir_.write(
      "vars.json",
      R"({"suite": "vars", "encoding": "gbk", "vars": {"reply": "no thanks"}, "scenarios": [
    {"id": "V-1", "title": "t", "source": "s", "needs": ["request_reply"],
     "steps": [{"connect": "c"}, {"send": "你在么?"}, {"expect": "${reply}"}, {"expect_eof": "c"}]}]})");
  EXPECT_EQ(run_dialtone({"run", file}).exit_code, 1);
  EXPECT_EQ(ran({"run", file, "--var", "reply=thank you !"}), Ids{"V-1"});
}

TEST_F(RunTest, TimeScaleStretchesDeadlines) {
  if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  // Speaks 1 s after the call: 100 ms are too short for that, 600 times as much is not.
  Command command;
  command.argv = {python(), dir_.write("late.py", R"(
import socket, time
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(128)
print('port %d' % server.getsockname()[1], flush=True)
while True:
    client, address = server.accept()
    time.sleep(1)
    client.send(b'late')
    client.close()
)")};
  Program server(command);
  const auto target = "127.0.0.1:" + server.line_after("port ");
  const auto file = dir_.write("late.json", R"({"suite": "late", "timeout": "100ms", "scenarios": [
    {"id": "L-1", "title": "t", "source": "s", "steps": [{"connect": "c"}, {"expect": "late"}, {"expect_eof": "c"}]}]})");
  EXPECT_EQ(run_dialtone({"run", file, "--target", target}).exit_code, 1);
  EXPECT_EQ(ran({"run", file, "--target", target, "--time-scale", "600"}), Ids{"L-1"});
}

/// What stands after "run it again: ".
std::string rerun_of(const Bytes& out) {
  static constexpr std::string_view kBefore = "run it again: ";
  const auto at = out.find(kBefore);
  return at == Bytes::npos
             ? std::string()
             : out.substr(at + kBefore.size(), out.find('\n', at) - at - kBefore.size());
}

ProgramResult run_in_shell(const std::string& line) {
  const auto directory = std::filesystem::path(DIALTONE_BINARY).parent_path().string();
  Command command;
  command.argv = {"/bin/sh", "-c", line};
  command.environment = {{"PATH", directory + ":/usr/bin:/bin"}};
  return run_program(command);
}

class RerunTest : public RunTest {
 protected:
  // A path that a shell would take apart, and ids that a careless pattern would confuse.
  const std::string file_ =
      suite("it's a $HOME/of suites.json",
            scenario("FAIL-1") + "," + scenario("FAIL-1.more") + "," + scenario("PASS-1"));
};

TEST_F(RerunTest, RunsExactlyThatScenarioAndFailsAgain) {
  const auto first = run_dialtone({"run", file_});
  EXPECT_EQ(ids_with("FAIL", first.out), (Ids{"FAIL-1", "FAIL-1.more"}));
  const auto line = rerun_of(told_by(first.out).at("FAIL-1").details);
  ASSERT_THAT(line, StartsWith("dialtone run "));
  const auto again = run_in_shell(line);
  EXPECT_EQ(again.exit_code, 1) << line << again.how << again.err;
  EXPECT_EQ(ids_with("FAIL", again.out), Ids{"FAIL-1"});
  EXPECT_THAT(again.out, HasSubstr("1 scenario: 0 passed, 1 failed"));
}

TEST_F(RerunTest, KeepsWhatTheFailureDependsOn) {
  const auto vars = dir_.write(
      "vars.json", R"({"suite": "vars", "encoding": "gbk", "timeout": "100ms", "scenarios": [
    {"id": "V-1", "title": "t", "level": "SHOULD", "source": "s", "needs": ["request_reply"],
     "steps": [{"connect": "c"}, {"send": "你在么?"}, {"expect": "${reply}"}, {"expect_eof": "c"}]}]})");
  const auto first = run_dialtone({"run", vars, "--fault", "cut-last", "--var", "reply=it's $1",
                                   "--strict", "--time-scale", "50"});
  EXPECT_EQ(first.exit_code, 1) << first.how << first.err;
  const auto line = rerun_of(first.out);
  EXPECT_THAT(line, AllOf(HasSubstr(" --fault cut-last"), HasSubstr(R"( --var 'reply=it'\''s $1')"),
                          HasSubstr(" --strict"), HasSubstr(" --time-scale 50")));
  const auto again = run_in_shell(line);
  EXPECT_EQ(again.exit_code, 1) << line << again.how << again.err;
  EXPECT_EQ(rerun_of(again.out), line);
}

}  // namespace
}  // namespace dialtone
