// The manual pages, as the programs of others read them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

class ManTest : public testing::TestWithParam<std::string> {
 protected:
  ManTest() {
    const auto result = run_dialtone({"man", GetParam()});
    EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
    file_ = files_.write("page", result.out);
  }

  ProgramResult run(const Words& argv) {
    Command command;
    command.argv = argv;
    command.environment = {{"MANWIDTH", "80"}, {"LC_ALL", "C.UTF-8"}, {"MAN_KEEP_FORMATTING", ""}};
    return run_program(command);
  }

  TemporaryDirectory files_;
  std::string file_;
};

TEST_P(ManTest, ManShowsItWithoutAWarning) {
  if (!std::filesystem::exists("/usr/bin/man")) GTEST_SKIP() << "man-db is not installed";
  const auto shown = run({"/usr/bin/man", "--warnings", "--local-file", file_});
  EXPECT_EQ(shown.exit_code, 0) << shown.how;
  EXPECT_EQ(shown.err, "");
  EXPECT_THAT(shown.out, HasSubstr("NAME"));
}

TEST_P(ManTest, MandocHasNothingAgainstIt) {
  if (!std::filesystem::exists("/usr/bin/mandoc")) GTEST_SKIP() << "mandoc is not installed";
  const auto checked = run({"/usr/bin/mandoc", "-T", "lint", "-W", "style", file_});
  EXPECT_EQ(checked.exit_code, 0) << checked.how;
  EXPECT_EQ(checked.out + checked.err, "");
}

INSTANTIATE_TEST_SUITE_P(Page, ManTest, testing::Values("dialtone", "dialtone-scenario"),
                         [](const auto& page) {
                           return std::string(page.param == "dialtone" ? "Program" : "Scenarios");
                         });

/// As text, without the formatting.
std::string shown(const std::string& page) {
  const TemporaryDirectory files;
  const auto file = files.write("page", run_dialtone({"man", page}).out);
  Command command;
  command.argv = {"/usr/bin/man", "--local-file", file};
  command.environment = {{"MANWIDTH", "200"}, {"LC_ALL", "C.UTF-8"}};
  return run_program(command).out;
}

/// Whatever a command has to say of itself in --help stands in the page too.
TEST(ManPageTest, HasEveryOptionOfEveryCommand) {
  if (!std::filesystem::exists("/usr/bin/man")) GTEST_SKIP() << "man-db is not installed";
  const auto page = shown("dialtone");
  std::istringstream help(run_dialtone({"--help"}).out);
  int commands = 0;
  for (std::string line; std::getline(help, line);) {
    if (line.starts_with("Subcommands:")) commands = 1;
    if (commands == 0 || !line.starts_with("  ")) continue;
    ++commands;
    const auto name = line.substr(2, line.find(' ', 2) - 2);
    EXPECT_THAT(page, HasSubstr("dialtone " + name + " [OPTION"));
    std::istringstream options(run_dialtone({name, "--help"}).out);
    for (std::string word; options >> word;) {
      if (!word.starts_with("--") || word.find_first_of(",.;:)'=") != std::string::npos) continue;
      EXPECT_THAT(page, HasSubstr(word)) << name;
    }
  }
  EXPECT_GT(commands, 10);
}

TEST(ManPageTest, HasEveryVerbWithItsExample) {
  if (!std::filesystem::exists("/usr/bin/man")) GTEST_SKIP() << "man-db is not installed";
  const auto page = shown("dialtone-scenario");
  std::istringstream steps(run_dialtone({"steps"}).out);
  int examples = 0;
  for (std::string line; std::getline(steps, line);) {
    constexpr std::string_view heading = "    example";
    if (!line.starts_with(heading)) continue;
    ++examples;
    EXPECT_THAT(page, HasSubstr(line.substr(line.find_first_not_of(' ', heading.size()))));
  }
  EXPECT_GT(examples, 30);
}

}  // namespace
}  // namespace dialtone
