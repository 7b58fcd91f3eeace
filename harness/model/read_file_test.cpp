#include "harness/model/read_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace dialtone {
namespace {

using ::testing::Field;
using ::testing::VariantWith;

class ReadFileTest : public ::testing::Test {
 protected:
  ReadFileTest()
      : path_(::testing::TempDir() + "dialtone_read_file_" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  ~ReadFileTest() override { std::filesystem::remove(path_); }

  auto says(const std::string& message) {
    return VariantWith<FileProblem>(Field(&FileProblem::message, message));
  }
  std::string path_;
};

TEST_F(ReadFileTest, GivesTheWholeFileAsItIs) {
  const std::string text("a\r\n\0\xff", 5);
  std::ofstream(path_, std::ios::binary) << text;
  EXPECT_THAT(read_file(path_), VariantWith<std::string>(text));
}

TEST_F(ReadFileTest, AnEmptyFileIsEmpty) {
  std::ofstream(path_).flush();
  EXPECT_THAT(read_file(path_), VariantWith<std::string>(""));
}

TEST_F(ReadFileTest, SaysThatThereIsNoFile) {
  EXPECT_THAT(read_file(path_), says("cannot read the file: No such file or directory"));
}

TEST_F(ReadFileTest, ADirectoryIsNoFile) {
  EXPECT_THAT(read_file(::testing::TempDir()), says("cannot read the file: Is a directory"));
}

TEST_F(ReadFileTest, ADeviceIsNotRead) {
  EXPECT_THAT(read_file("/dev/zero"), says("cannot read this: not a regular file"));
}

TEST_F(ReadFileTest, AHugeFileIsNotRead) {
  std::ofstream(path_).flush();
  std::filesystem::resize_file(path_, (64U << 20U) + 1);
  EXPECT_THAT(read_file(path_), says("the file is larger than 64 MiB"));
}

}  // namespace
}  // namespace dialtone
