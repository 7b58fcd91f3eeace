// `dialtone explain`: what somebody needs who reads an id in a report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kScenarios = DIALTONE_SOURCE_DIR "/scenarios";

ProgramResult explain(const Words& ids) {
  Words words{"explain", "--in", kScenarios};
  words.insert(words.end(), ids.begin(), ids.end());
  return run_dialtone(words);
}

TEST(ExplainTest, TellsStatementSourceStepsAndFaults) {
  const auto result = explain({"ART-09"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("ART-09  "), HasSubstr("level     MUST"),
                                HasSubstr("source    article"), HasSubstr("faults    "),
                                HasSubstr(R"({"send": "你好啊"})")));
}

// Its command is run as a shell takes it, and the scenario fails.
TEST(ExplainTest, TheCommandThatItShowsFails) {
  const auto told = explain({"ART-09"}).out;
  std::smatch match;
  ASSERT_TRUE(std::regex_search(told, match, std::regex("see it    dialtone (.*)\n"))) << told;
  Command command;
  command.argv = {"/bin/sh", "-c", DIALTONE_BINARY " " + match.str(1)};
  const auto result = run_program(command);
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("FAIL   ART-09"));
}

TEST(ExplainTest, ShowsThePartsOfARequirementAndSeveralIds) {
  const auto out = explain({"ROB-08", "CLI-01"}).out;
  EXPECT_THAT(out,
              AllOf(HasSubstr("ROB-08  "), HasSubstr("\nROB-08.big  "), HasSubstr("\nCLI-01  ")));
  EXPECT_THAT(explain({"ROB-08.big"}).out, Not(HasSubstr("ROB-08  ")));
}

TEST(ExplainTest, AnUnknownIdIsAMistakeWithAHint) {
  const auto result = explain({"ART-09x"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("there is no scenario 'ART-09x'"), HasSubstr("ART-09")));
}

}  // namespace
}  // namespace dialtone
