// What may stand on a command line, and what bash, zsh and fish make of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

/// The words that may stand in place of the last one; ":files" where files may.
std::vector<std::string> completed(const Words& words,
                                   const std::string& program = DIALTONE_BINARY) {
  auto command = dialtone_command({"__complete"});
  command.argv[0] = program;
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  const auto result = run_program(command);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::vector<std::string> found;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);)
    found.push_back(line.substr(0, line.find('\t')));
  return found;
}

TEST(CompletionTest, CommandsComeFirst) {
  EXPECT_THAT(completed({""}), AllOf(IsSupersetOf({"run", "list", "validate", "completion"}),
                                     Not(Contains("__complete"))));
  EXPECT_THAT(completed({"compl"}), ElementsAre("completion"));
  EXPECT_THAT(completed({"--v"}), ElementsAre("--version"));
  EXPECT_THAT(completed({"nonsense", ""}), ElementsAre());
}

TEST(CompletionTest, OptionsAreThoseOfTheCommand) {
  EXPECT_THAT(completed({"run", "--fail-fa"}), ElementsAre("--fail-fast"));
  EXPECT_THAT(completed({"list", "--fail"}), ElementsAre());
  EXPECT_THAT(completed({"run", "--", "--fail"}), ElementsAre(":files"));
}

TEST(CompletionTest, ValuesAreThoseOfTheOption) {
  EXPECT_THAT(completed({"run", "--color", ""}), ElementsAre("auto", "always", "never"));
  EXPECT_THAT(completed({"run", "--color=al"}), ElementsAre("--color=always"));
  EXPECT_THAT(completed({"run", "--color", "never", "--leve"}), ElementsAre("--level"));
  EXPECT_THAT(completed({"run", "--report", "jun"}),
              ElementsAre("junit", "junit:portable", "junit:jenkins-xunit",
                          "junit:absolute-attachments", ":files"));
  EXPECT_THAT(completed({"run", "--provides", "pipe"}), ElementsAre("pipelining"));
  EXPECT_THAT(completed({"completion", ""}), ElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(completed({"run", "-j", ""}), ElementsAre());
}

TEST(CompletionTest, FaultsAreThoseOfTheSide) {
  EXPECT_THAT(completed({"run", "--fault", "cut-l"}), Contains("cut-last"));
  EXPECT_THAT(completed({"serve", "--fault", "recv-f"}), Contains("recv-framing"));
  EXPECT_THAT(completed({"dial", "--fault", "recv-f"}), Not(Contains("recv-framing")));
  EXPECT_THAT(completed({"dial", "--fault", ""}), Not(ElementsAre()));
}

TEST(CompletionTest, WhatDividesARunAndTheWordsOfReports) {
  EXPECT_THAT(completed({"run", "--shard-by", ""}), IsSupersetOf({"hash", "slice", "time="}));
  EXPECT_THAT(completed({"run", "--shard", "a"}), ElementsAre("auto"));
  EXPECT_THAT(completed({"run", "--report", "junit:a"}), Contains("junit:absolute-attachments"));
}

TEST(CompletionTest, IdsToExplainAreThoseOfTheSuitesHere) {
  const TemporaryDirectory here;
  here.write("scenarios/s.json", R"({"suite": "s", "scenarios": [
      {"id": "A-1", "title": "one", "steps": [{"connect": "c"}]}]})");
  auto command = dialtone_command({"__complete", "explain", ""});
  command.directory = here.path();
  EXPECT_THAT(run_program(command).out, testing::StartsWith("A-1\tone\n"));
}

TEST(CompletionTest, IdsAreThoseOfTheSuitesOnTheLine) {
  const TemporaryDirectory files;
  const auto file = files.write("s.json", R"({"suite": "s", "scenarios": [
      {"id": "A-1", "title": "one\ttwo", "tags": ["quick", "q\u001bx"],
       "steps": [{"connect": "c"}]}]})");
  EXPECT_THAT(completed({"run", kArticle, "--filter", "ART-3"}),
              AllOf(Contains("ART-36"), Contains("ART-30.client"), Not(Contains("ART-40"))));
  EXPECT_THAT(completed({"list", file, "--exclude", ""}), ElementsAre("A-1"));
  EXPECT_THAT(completed({"run", file, "--tag", ""}), ElementsAre("quick"));
  EXPECT_THAT(completed({"run", file + ".none", "--filter", ""}), ElementsAre());
}

/// An installation with the article suite, where names can be completed.
class ShellTest : public testing::Test {
 protected:
  ShellTest() {
    namespace fs = std::filesystem;
    fs::create_directories(tree_.path("bin"));
    fs::copy(DIALTONE_BINARY, program_);
    fs::create_directories(tree_.path("share/dialtone/scenarios"));
    fs::copy(kArticle, tree_.path("share/dialtone/scenarios/article"), fs::copy_options::recursive);
    tree_.write("share/dialtone/profiles/nearby.json", "{}");
  }

  std::string script(const std::string& shell) const {
    const auto result = run_dialtone({"completion", shell});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return tree_.write(shell, result.out);
  }

  /// Types the lines, "\t" for Tab; gives the call that each one became.
  std::string typed(const std::string& shell, const Words& lines) const {
    Command command;
    command.argv = {python(), DIALTONE_SOURCE_DIR "/ci/shells/type_lines.py", shell, program_,
                    script(shell)};
    command.argv.insert(command.argv.end(), lines.begin(), lines.end());
    const auto result = run_program(command);
    EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
    return result.out;
  }

  TemporaryDirectory tree_;
  std::string program_ = tree_.path("bin/dialtone");
};

const Words kLines{
    "dialtone compl\\tfi\\t",
    "dialtone run art\\t --global-t\\t9s",
    "dialtone run article --filter ART-30.c\\t",
    "dialtone run article --report junit:p\\t",
    "dialtone run article --color=al\\t",
    "dialtone run article --target near\\t",
    "dialtone validate setu\\t",
};
const std::string kCalls =
    "<completion><fish>\n"
    "<run><article><--global-timeout><9s>\n"
    "<run><article><--filter><ART-30.client>\n"
    "<run><article><--report><junit:portable>\n"
    "<run><article><--color=always>\n"
    "<run><article><--target><nearby>\n"
    "<validate><setup>\n";  // a file of type_lines.py

TEST_F(ShellTest, NamesOfWhatIsInstalled) {
  EXPECT_THAT(completed({"run", ""}, program_), ElementsAre("article", ":files"));
  EXPECT_THAT(completed({"run", "article", "--target", ""}, program_),
              ElementsAre("nearby", ":files"));
  EXPECT_THAT(completed({"run", "--filter", "ART-36"}, program_), ElementsAre("ART-36"));
}

TEST_F(ShellTest, Bash) {
  if (python().empty()) GTEST_SKIP() << "there is no python3 to type";
  EXPECT_EQ(typed("bash", kLines), kCalls);
}

TEST_F(ShellTest, Zsh) {
  if (!std::filesystem::exists("/usr/bin/zsh")) GTEST_SKIP() << "zsh is not installed";
  if (python().empty()) GTEST_SKIP() << "there is no python3 to type";
  EXPECT_EQ(typed("zsh", kLines), kCalls);
}

TEST_F(ShellTest, Fish) {
  if (!std::filesystem::exists("/usr/bin/fish")) GTEST_SKIP() << "fish is not installed";
  const auto file = script("fish");
  const auto words = [&](const std::string& line) {
    Command command;
    command.argv = {"/usr/bin/fish", "--no-config", "-c",
                    "source " + file + "; complete --do-complete '" + program_ + ' ' + line + "'"};
    command.directory = tree_.path();
    command.environment = {{"HOME", tree_.path()}};
    const auto result = run_program(command);
    EXPECT_EQ(result.err, "");
    std::vector<std::string> found;
    std::istringstream lines(result.out);
    for (std::string each; std::getline(lines, each);)
      found.push_back(each.substr(0, each.find('\t')));
    return found;
  };
  EXPECT_THAT(words("compl"), ElementsAre("completion"));
  EXPECT_THAT(words("run --global-t"), ElementsAre("--global-timeout"));
  EXPECT_THAT(words("run art"), ElementsAre("article"));
  EXPECT_THAT(words("run article --filter ART-30"), ElementsAre("ART-30", "ART-30.client"));
  EXPECT_THAT(words("run article --report junit:p"), ElementsAre("junit:portable"));
  EXPECT_THAT(words("run article --color=al"), ElementsAre("--color=always"));
  EXPECT_THAT(words("validate bi"), ElementsAre("bin/"));
}

}  // namespace
}  // namespace dialtone
