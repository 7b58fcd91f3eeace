// An installation, wherever it was moved to: the program finds what came with it by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class InstalledTest : public testing::Test {
 protected:
  InstalledTest() {
    fs::create_directories(tree_.path("bin"));
    fs::copy(DIALTONE_BINARY, tree_.path("bin/dialtone"));
    fs::create_directories(tree_.path("share/dialtone/scenarios"));
    fs::copy(kArticle, tree_.path("share/dialtone/scenarios/article"), fs::copy_options::recursive);
    fs::copy(DIALTONE_SOURCE_DIR "/scenarios/scenario.schema.json",
             tree_.path("share/dialtone/scenarios/scenario.schema.json"));
    tree_.write("share/dialtone/profiles/near.json",
                R"({"name": "the near one", "address": "127.0.0.1:7"})");
  }

  /// In an empty directory.
  ProgramResult run(const Words& arguments, const std::string& program = "bin/dialtone") {
    auto command = dialtone_command(arguments);
    command.argv[0] = tree_.path(program);
    command.directory = elsewhere_.path();
    return run_program(command);
  }

  TemporaryDirectory tree_;
  TemporaryDirectory elsewhere_;
};

TEST_F(InstalledTest, RunsItsSuitesByName) {
  for (const std::string name : {"article", "scenarios/article", "article/"}) {
    const auto result = run({"run", name, "-q"});
    EXPECT_EQ(result.exit_code, 0) << name << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("50 scenarios: 50 passed")) << name;
  }
  for (const std::string name : {"article/closing", "article/closing.json"}) {
    const auto result = run({"run", name, "--filter", "ART-36", "-q"});
    EXPECT_EQ(result.exit_code, 0) << name << result.out << result.err;
  }
}

TEST_F(InstalledTest, IsFoundThroughASymbolicLink) {
  fs::create_symlink(tree_.path("bin/dialtone"), elsewhere_.path("dt"));
  auto command = dialtone_command({"list", "article"});
  command.argv[0] = elsewhere_.path("dt");
  EXPECT_EQ(run_program(command).exit_code, 0);
}

TEST_F(InstalledTest, AFileThatIsThereWins) {
  elsewhere_.write("article/own.json",
                   suite_json("own", R"({"id": "OWN-1", "steps": [{"connect": "c"}]})"));
  const auto named = run({"list", "article"});
  EXPECT_THAT(named.out, AllOf(HasSubstr("OWN-1"), Not(HasSubstr("ART-36"))));
  // What is installed is listed where nothing is named.
  EXPECT_THAT(run({"list"}).out, AllOf(HasSubstr("ART-36"), Not(HasSubstr("OWN-1"))));
}

TEST_F(InstalledTest, AnUnknownNameIsToldWithAHint) {
  const auto result = run({"run", "artcle"});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_EQ(result.err,
            "artcle: no such file or directory, and no suite of this name is installed\n"
            "  hint: did you mean 'article'?\n1 mistake; nothing was run\n");
}

TEST_F(InstalledTest, ANameDoesNotLeadOutOfTheInstallation) {
  fs::copy(tree_.path("share/dialtone/scenarios/article"), tree_.path("share/dialtone/other"));
  for (const std::string name : {"./article", "../other", "article/../../other"}) {
    const auto result = run({"list", name});
    EXPECT_EQ(result.exit_code, 2) << name << result.out;
    EXPECT_THAT(result.err, HasSubstr("cannot read the file: No such file")) << name;
  }
}

TEST_F(InstalledTest, FindsItsProfilesByName) {
  for (const std::string name : {"near", "near.json"}) {
    const auto result = run({"run", "article", "--target", name, "--filter", "ART-33"});
    EXPECT_THAT(result.out, HasSubstr("target: the near one\n")) << name << result.err;
  }
  elsewhere_.write("near.json", R"({"name": "mine", "address": "127.0.0.1:7"})");
  EXPECT_THAT(run({"run", "article", "--target", "near.json", "--filter", "ART-33"}).out,
              HasSubstr("target: mine\n"));
}

TEST_F(InstalledTest, ValidatesAndDescribesThem) {
  EXPECT_EQ(run({"validate", "article"}).out, "50 scenarios in 4 files: no mistakes\n");
  EXPECT_THAT(run({"describe", "article"}).out, HasSubstr("ART-36"));
}

TEST(NotInstalledTest, ListNeedsAPath) {
  const auto result = run_dialtone({"list"});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_EQ(result.err,
            "dialtone: no suites are installed with this program\n"
            "  hint: name a file or a directory\n");
}

/// The files beside a profile are found from everywhere.
TEST(ProfileDirectoryTest, IsAVariableOfTheProfile) {
  if (python().empty()) GTEST_SKIP() << "there is no python3";
  const TemporaryDirectory dir;
  dir.write("p/server.py",
            "import socket, sys\ns = socket.socket()\ns.bind(('127.0.0.1', int(sys.argv[1])))\n"
            "s.listen()\nwhile True: s.accept()[0].close()\n");
  const auto profile = dir.write("p/profile.json",
                                 R"({"address": "127.0.0.1:${port}",
          "start": {"command": [")" + python() +
                                     R"(", "${profile_dir}/server.py", "${port}"]}})");
  const auto suite = dir.write(
      "s.json",
      suite_json("s", R"({"id": "S-1", "steps": [{"connect": "c"}, {"expect_eof": "c"}]})"));
  for (const auto& [directory, name] :
       {std::pair(dir.path(), std::string("p/profile.json")), {dir.path("p"), "profile.json"}}) {
    auto command = dialtone_command({"run", suite, "--target", name});
    command.directory = directory;
    const auto result = run_program(command);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  }
}

}  // namespace
}  // namespace dialtone
