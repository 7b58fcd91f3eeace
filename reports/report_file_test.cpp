#include "reports/report_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <stdexcept>

namespace dialtone {
namespace {

namespace fs = std::filesystem;

class ReplaceFileTest : public testing::Test {
 protected:
  ReplaceFileTest() { fs::create_directories(directory_); }
  ~ReplaceFileTest() override { fs::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::size_t file_count() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  fs::path directory_ =
      fs::path(testing::TempDir()) / ("dialtone-report-" + std::to_string(::getpid()));
};

std::optional<std::string> put(const std::string& path, const std::string& text) {
  return replace_file(path, [&](std::ostream& out) { out << text; });
}

TEST_F(ReplaceFileTest, WritesAFileAndLeavesNothingBesideIt) {
  EXPECT_EQ(put(path("a.xml"), "text"), std::nullopt);
  EXPECT_EQ(content(path("a.xml")), "text");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(ReplaceFileTest, WritesMoreThanABufferHolds) {
  const std::string large(1'000'003, 'x');
  EXPECT_EQ(put(path("a.xml"), large), std::nullopt);
  EXPECT_EQ(content(path("a.xml")), large);
}

TEST_F(ReplaceFileTest, MakesMissingDirectories) {
  EXPECT_EQ(put(path("build/reports/a.xml"), "text"), std::nullopt);
  EXPECT_EQ(content(path("build/reports/a.xml")), "text");
}

TEST_F(ReplaceFileTest, TheOldFileStandsUntilTheNewOneIsWhole) {
  ASSERT_EQ(put(path("a.xml"), "old"), std::nullopt);
  EXPECT_EQ(replace_file(path("a.xml"),
                         [&](std::ostream& out) {
                           out << std::string(200'000, 'n') << std::flush;
                           EXPECT_EQ(content(path("a.xml")), "old");
                         }),
            std::nullopt);
  EXPECT_EQ(content(path("a.xml")), std::string(200'000, 'n'));
}

TEST_F(ReplaceFileTest, AWriterThatThrowsLeavesTheOldFileAndNoOther) {
  ASSERT_EQ(put(path("a.xml"), "old"), std::nullopt);
  EXPECT_THROW(replace_file(path("a.xml"),
                            [](std::ostream& out) {
                              out << "half";
                              throw std::runtime_error("stopped");
                            }),
               std::runtime_error);
  EXPECT_EQ(content(path("a.xml")), "old");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(ReplaceFileTest, FollowsASymbolicLink) {
  ASSERT_EQ(put(path("real.xml"), "old"), std::nullopt);
  fs::create_symlink("real.xml", path("link.xml"));
  EXPECT_EQ(put(path("link.xml"), "new"), std::nullopt);
  EXPECT_TRUE(fs::is_symlink(path("link.xml")));
  EXPECT_EQ(content(path("real.xml")), "new");
}

TEST_F(ReplaceFileTest, IsReadableAsTheUmaskAllows) {
  const auto before = ::umask(027);
  EXPECT_EQ(put(path("a.xml"), "text"), std::nullopt);
  ::umask(before);
  EXPECT_EQ(fs::status(path("a.xml")).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(ReplaceFileTest, WritesADeviceInPlace) {
  EXPECT_EQ(put("/dev/null", "text"), std::nullopt);
  EXPECT_EQ(fs::status("/dev/null").type(), fs::file_type::character);
}

TEST_F(ReplaceFileTest, AFullDiskIsAnErrorWithItsName) {
  EXPECT_EQ(put("/dev/full", "text"), "cannot write /dev/full: No space left on device (ENOSPC)");
}

TEST_F(ReplaceFileTest, ADirectoryIsNotReplaced) {
  EXPECT_THAT(put(directory_.string(), "text").value_or(""), testing::HasSubstr("(EISDIR)"));
}

TEST_F(ReplaceFileTest, AFileInThePlaceOfADirectoryIsAnError) {
  ASSERT_EQ(put(path("file"), "x"), std::nullopt);
  EXPECT_THAT(put(path("file/a.xml"), "text").value_or(""), testing::HasSubstr("(ENOTDIR)"));
}

TEST_F(ReplaceFileTest, AppendingKeepsWhatIsThere) {
  const auto add = [&](const std::string& text) {
    return append_to_file(path("new/summary.md"), [&](std::ostream& out) { out << text; });
  };
  EXPECT_EQ(add("one\n"), std::nullopt);
  EXPECT_EQ(add("two\n"), std::nullopt);
  EXPECT_EQ(content(path("new/summary.md")), "one\ntwo\n");
}

TEST_F(ReplaceFileTest, AppendingToAFullDiskIsAnErrorWithItsName) {
  EXPECT_EQ(append_to_file("/dev/full", [](std::ostream& out) { out << "x"; }),
            "cannot write /dev/full: No space left on device (ENOSPC)");
}

}  // namespace
}  // namespace dialtone
