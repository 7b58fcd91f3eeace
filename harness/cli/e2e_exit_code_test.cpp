// What a pipeline relies on: which exit code means what.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ExitCodeTest : public testing::Test {
 protected:
  TemporaryDirectory dir_;
  const std::string good_ = dir_.write(
      "good.json",
      suite_json("good",
                 R"({"id": "G-1", "title": "t", "source": "s", "steps": [{"connect": "c"}]})"));
};

TEST_F(ExitCodeTest, ZeroWhereAllPassed) {
  const auto result = run_dialtone({"run", good_});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr("1 scenario: 1 passed, 0 failed, 0 skipped"));
  EXPECT_EQ(result.err, "");
}

TEST_F(ExitCodeTest, OneWhereAScenarioFailed) {
  const auto result = run_dialtone({"run", kArticle, "--filter", "ART-09", "--fault", "cut-last"});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.err;
  EXPECT_EQ(ids_with("FAIL", result.out), std::set<std::string>{"ART-09"});
}

TEST_F(ExitCodeTest, OneWhereNoJudgementWasPossible) {
  const auto profile =
      dir_.write("profile.json",
                 R"({"address": "127.0.0.1:${port}", "start": {"command": ["/no/such/program"]}})");
  const auto result = run_dialtone({"run", good_, "--target", profile});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.err;
  EXPECT_EQ(ids_with("ERROR", result.out), std::set<std::string>{"G-1"});
}

struct Usage {
  std::string name;
  Words arguments;  ///< "GOOD" and "DIR" stand for the good suite and the temporary directory
  std::string message;
};

void PrintTo(const Usage& usage, std::ostream* out) { *out << usage.name; }

class UsageMistake : public ExitCodeTest, public testing::WithParamInterface<Usage> {};

TEST_P(UsageMistake, EndsWithTwoAndASentenceAndRunsNothing) {
  dir_.write("bad.json", R"({"suite": "bad", "scenarios": [)");
  dir_.write("profile.json", R"({"adress": "127.0.0.1:1"})");
  Words arguments = GetParam().arguments;
  for (auto& word : arguments) {
    if (word == "GOOD") word = good_;
    if (const auto at = word.find("DIR"); at != std::string::npos) word.replace(at, 3, dir_.path());
  }
  const auto result = run_dialtone(arguments);
  EXPECT_EQ(result.exit_code, 2) << result.how << result.out << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().message));
  EXPECT_EQ(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, UsageMistake,
    testing::Values(
        Usage{"NoCommand", {}, "subcommand is required"},
        Usage{"UnknownCommand", {"dail"}, "did you mean 'dial'?"},
        Usage{"UnknownOption", {"run", "GOOD", "--frob"}, "--frob"},
        Usage{"NoPath", {"run"}, "paths is required"},
        Usage{"MissingSuite", {"run", "DIR/none.json"}, "No such file or directory"},
        Usage{"BrokenSuite", {"run", "DIR/bad.json"}, "bad.json:1:"},
        Usage{"OneBrokenSuiteAmongGoodOnes", {"run", "GOOD", "DIR/bad.json"}, "bad.json:1:"},
        Usage{"BadProfile",
              {"run", "GOOD", "--target", "DIR/profile.json"},
              "did you mean 'address'?"},
        Usage{"MissingProfile",
              {"run", "GOOD", "--target", "DIR/none.json"},
              "No such file or directory"},
        Usage{"BadTarget", {"run", "GOOD", "--target", "nonsense"}, "is no address"},
        Usage{"UnknownReport",
              {"run", "GOOD", "--report", "junt=x.xml"},
              "unknown report format 'junt'"},
        Usage{"UnknownFault", {"run", "GOOD", "--fault", "cut-lst"}, "did you mean 'cut-last'?"},
        Usage{"FaultOfAForeignTarget",
              {"run", "GOOD", "--fault", "cut-last", "--target", "127.0.0.1:9"},
              "only the built-in"},
        Usage{"UnknownCapability",
              {"run", "GOOD", "--target", "127.0.0.1:9", "--provides", "lop"},
              "did you mean 'loop'?"},
        Usage{"BadVariable",
              {"run", "GOOD", "--var", "novalue"},
              "'novalue' gives no variable a value"},
        Usage{"BadGlobalTimeout", {"run", "GOOD", "--global-timeout", "10"}, "bad duration '10'"},
        Usage{"BadTimeScale", {"run", "GOOD", "--time-scale", "0"}, "--time-scale"},
        Usage{"NoTimeScale", {"run", "GOOD", "--time-scale", "nan"}, "--time-scale"},
        Usage{"BadJobs", {"run", "GOOD", "--jobs", "0"}, "--jobs"},
        Usage{"BadRepeat", {"run", "GOOD", "--repeat", "-1"}, "--repeat"},
        Usage{"BadLevel", {"run", "GOOD", "--level", "MUSTN'T"}, "--level"},
        Usage{"BadColor", {"run", "GOOD", "--color", "sometimes"}, "--color"},
        Usage{"ListOfABrokenSuite", {"list", "DIR/bad.json"}, "bad.json:1:"},
        Usage{"UnknownFaultOfServe",
              {"serve", "--port", "0", "--fault", "nope"},
              "unknown fault 'nope'"},
        Usage{"BadAddressOfServe", {"serve", "--bind", "nowhere"}, "'nowhere' is no IP address"}),
    [](const auto& tested) { return tested.param.name; });

class Unwritable : public ExitCodeTest, public testing::WithParamInterface<std::string> {};

TEST_P(Unwritable, ReportEndsWithThreeThoughAllPassed) {
  if (GetParam() == "/dev/full" && !std::filesystem::exists("/dev/full"))
    GTEST_SKIP() << "there is no /dev/full";
  const auto path = GetParam().empty() ? dir_.path() : GetParam();
  const auto result = run_dialtone({"run", good_, "--report", "junit=" + path});
  EXPECT_EQ(result.exit_code, 3) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr("1 passed"));
  EXPECT_THAT(result.err, HasSubstr("cannot write " + path));
}

INSTANTIATE_TEST_SUITE_P(Paths, Unwritable, testing::Values("", "/dev/full", "/proc/no/such/file"));

TEST_F(ExitCodeTest, AFullStandardOutputEndsWithThree) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  for (const auto& words : {"version", "steps", "schema", "list \"$0\"", "run \"$0\"", "man"}) {
    Command command;
    command.argv = {"/bin/sh", "-c", std::string(DIALTONE_BINARY " ") + words + " >/dev/full",
                    good_};
    const auto result = run_program(command);
    EXPECT_EQ(result.exit_code, 3) << words << result.err;
    EXPECT_THAT(result.err, HasSubstr("cannot write to the standard output")) << words;
  }
}

TEST_F(ExitCodeTest, OneUnwritableReportDoesNotKeepBackTheOther) {
  const auto written = dir_.path("report.xml");
  const auto result = run_dialtone(
      {"run", good_, "--report", "junit=" + dir_.path(), "--report", "junit=" + written});
  EXPECT_EQ(result.exit_code, 3) << result.how;
  EXPECT_THAT(read_text(written), HasSubstr("</testsuites>"));
}

TEST_F(ExitCodeTest, DescriptorsThatRunOutAreNoFaultOfTheTarget) {
  int short_of = 0;
  for (int limit = 4; limit <= 24; ++limit) {
    const HeldPort listening(true);  // it accepts nobody: few fit into its queue
    const auto address = fmt::format("127.0.0.1:{}", listening.port());
    for (const auto& target : {Words{}, Words{"--target", address}}) {
      Words arguments{"run", good_};
      arguments.insert(arguments.end(), target.begin(), target.end());
      auto command = dialtone_command(arguments);
      const auto limited = fmt::format(R"(ulimit -n {}; exec "$@")", limit);
      command.argv.insert(command.argv.begin(), {"sh", "-c", limited, "sh"});
      const auto result = run_program(std::move(command));
      EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty()) << limit << result.out;
      if (result.exit_code == 0) continue;
      ++short_of;
      EXPECT_THAT(result.out + result.err,
                  testing::AnyOf(HasSubstr("Too many open files"), HasSubstr("EMFILE")))
          << limit << " " << result.how;
    }
  }
  EXPECT_GT(short_of, 0);
}

TEST_F(ExitCodeTest, FourWhereNothingIsSelected) {
  const auto result = run_dialtone({"run", good_, "--filter", "nothing-like-this"});
  EXPECT_EQ(result.exit_code, 4) << result.how;
  EXPECT_THAT(result.err, HasSubstr("nothing was checked"));
  EXPECT_EQ(result.out, "");
}

TEST_F(ExitCodeTest, FourWhereEverythingWasSkipped) {
  const auto suite = dir_.write(
      "needy.json",
      suite_json(
          "needy",
          R"({"id": "N-1", "title": "t", "source": "s", "needs": ["loop"], "steps": [{"connect": "c"}]},
                                {"id": "N-2", "title": "t", "source": "s", "needs": ["one_shot"], "steps": [{"connect": "c"}]})"));
  // Nobody needs to answer there: whatever is skipped does not connect.
  const auto result = run_dialtone({"run", suite, "--target", "127.0.0.1:9"});
  EXPECT_EQ(result.exit_code, 4) << result.how << result.err;
  EXPECT_EQ(missing_by_id(result.out),
            (std::map<std::string, std::string>{{"N-1", "loop"}, {"N-2", "one_shot"}}));
  EXPECT_THAT(result.err, HasSubstr("every scenario was skipped"));
}

TEST_F(ExitCodeTest, ZeroWhereOnlySomeWereSkipped) {
  const auto suite = dir_.write(
      "mixed.json",
      suite_json(
          "mixed",
          R"({"id": "M-1", "title": "t", "source": "s", "needs": ["loop"], "steps": [{"connect": "c"}]},
                                {"id": "M-2", "title": "t", "source": "s", "steps": [{"listen": "desk"}]})"));
  const auto result = run_dialtone({"run", suite, "--target", "127.0.0.1:9"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_EQ(ids_with("pass", result.out), std::set<std::string>{"M-2"});
  EXPECT_EQ(ids_with("skip", result.out), std::set<std::string>{"M-1"});
}

TEST_F(ExitCodeTest, HelpAndVersionAreNoMistakes) {
  for (const Words& arguments :
       {Words{"--help"}, Words{"run", "--help"}, Words{"--version"}, Words{"version"}}) {
    const auto result = run_dialtone(arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments.front();
    EXPECT_THAT(result.out, Not(IsEmpty()));
    EXPECT_EQ(result.err, "");
  }
}

}  // namespace
}  // namespace dialtone
