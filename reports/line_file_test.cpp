#include "reports/line_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace dialtone {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LineFileTest : public testing::Test {
 protected:
  ~LineFileTest() override { fs::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path directory_ =
      fs::path(testing::TempDir()) / ("dialtone-line-file-" + std::to_string(::getpid()));
};

TEST_F(LineFileTest, MakesDirectoriesAndHasEachLineAtOnce) {
  LineFile file(path("a/b/log"));
  file.write("one\n");
  EXPECT_EQ(content(path("a/b/log")), "one\n");
  file.write("two\n");
  EXPECT_EQ(content(path("a/b/log")), "one\ntwo\n");
  EXPECT_EQ(file.problem(), std::nullopt);
}

TEST_F(LineFileTest, EmptiesAnOldFile) {
  { LineFile(path("log")).write("a longer line of before\n"); }
  LineFile(path("log")).write("new\n");
  EXPECT_EQ(content(path("log")), "new\n");
}

TEST_F(LineFileTest, SaysThatItCannotBeOpened) {
  LineFile(path("log")).write("x\n");
  LineFile below(path("log/below"));
  below.write("x\n");
  EXPECT_THAT(below.problem().value_or(""), HasSubstr("(ENOTDIR)"));
  EXPECT_THAT(LineFile(directory_.string()).problem().value_or(""), HasSubstr("(EISDIR)"));
}

TEST_F(LineFileTest, RemembersThatTheDiskWasFull) {
  LineFile file("/dev/full");
  EXPECT_EQ(file.problem(), std::nullopt);
  file.write("x\n");
  EXPECT_EQ(file.problem(), "cannot write /dev/full: No space left on device (ENOSPC)");
}

/// The descriptor that has this file open.
int descriptor_of(const std::string& path) {
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (fs::read_symlink(entry.path(), gone) == path) return std::stoi(entry.path().filename());
  }
  return -1;
}

TEST_F(LineFileTest, SaysThatItsCloseFailed) {
  LineFile file(path("log"));
  ASSERT_EQ(::close(descriptor_of(fs::canonical(path("log")))), 0);
  file.close();
  EXPECT_THAT(file.problem().value_or(""), HasSubstr("(EBADF)"));
}

TEST_F(LineFileTest, KeepsItsFileWhenItIsMoved) {
  LineFile first(path("log"));
  first.write("one\n");
  LineFile second(std::move(first));
  second.write("two\n");
  EXPECT_EQ(content(path("log")), "one\ntwo\n");
}

}  // namespace
}  // namespace dialtone
