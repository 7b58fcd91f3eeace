#include "harness/model/suite_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SuiteFilesTest : public ::testing::Test {
 protected:
  SuiteFilesTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 ("dialtone_suite_files_" + std::string(info->name()));
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~SuiteFilesTest() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  void touch(const std::string& name) const {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream(path(name)) << "{}";
  }

  std::filesystem::path directory_;
  Diagnostics diagnostics_;
};

TEST_F(SuiteFilesTest, AFileIsTakenAsItIsNamed) {
  EXPECT_THAT(suite_files("no/such.file", diagnostics_), ElementsAre("no/such.file"));
  EXPECT_THAT(diagnostics_, IsEmpty());
}

TEST_F(SuiteFilesTest, ADirectoryIsSearchedAndSorted) {
  touch("b.json");
  touch("a/z.json");
  touch("c/d/e.json");
  EXPECT_THAT(suite_files(directory_.string(), diagnostics_),
              ElementsAre(path("a/z.json"), path("b.json"), path("c/d/e.json")));
  EXPECT_THAT(diagnostics_, IsEmpty());
}

TEST_F(SuiteFilesTest, SchemasOtherFilesAndHiddenOnesAreLeftOut) {
  touch("a.json");
  touch("scenario.schema.json");
  touch("readme.md");
  touch(".hidden.json");
  touch(".vscode/settings.json");
  EXPECT_THAT(suite_files(directory_.string(), diagnostics_), ElementsAre(path("a.json")));
}

TEST_F(SuiteFilesTest, ALinkToNothingIsNotPassedOver) {
  std::filesystem::create_symlink("gone", directory_ / "a.json");
  EXPECT_THAT(suite_files(directory_.string(), diagnostics_), ElementsAre(path("a.json")));
}

TEST_F(SuiteFilesTest, ADirectoryWithoutSuitesIsAMistake) {
  touch("readme.md");
  EXPECT_THAT(suite_files(directory_.string(), diagnostics_), IsEmpty());
  EXPECT_THAT(diagnostics_, ElementsAre(Diagnostic{{directory_.string()},
                                                   "no suite in this directory",
                                                   "a suite is a file that ends in '.json'"}));
}

}  // namespace
}  // namespace dialtone
