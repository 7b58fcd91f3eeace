#include "reports/file_name.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(FileNamesTest, KeepsWhatIsPlainAndReplacesTheRest) {
  FileNames names;
  EXPECT_EQ(names.make("article.samples_ART-09", ".pcapng"), "article.samples_ART-09.pcapng");
  EXPECT_EQ(names.make("ART-09 [3/500]", ".pcapng"), "ART-09_3_500.pcapng");
  EXPECT_EQ(names.make("../../etc/passwd", ".x"), "_.._.._etc_passwd.x");
  EXPECT_EQ(names.make("-rf", ".x"), "_-rf.x");
  EXPECT_EQ(names.make(std::string("a\0b\n\xc4\xe3", 6), ".x"), "a_b.x");
  EXPECT_EQ(names.make("", ".x"), "_.x");
}

TEST(FileNamesTest, GivesNoNameTwiceNotEvenInAnotherCase) {
  FileNames names;
  EXPECT_EQ(names.make("a", ".x"), "a.x");
  EXPECT_EQ(names.make("A", ".x"), "A~2.x");
  EXPECT_EQ(names.make("a", ".x"), "a~3.x");
  EXPECT_EQ(names.make("/a", ".x"), "_a.x");
}

// As of a log in which everything has one id: were each name tried from 2 on, this would take
// hours.
TEST(FileNamesTest, ManyOfOneNameTakeNoLongerThanOthers) {
  FileNames names;
  std::string last;
  for (int i = 0; i < 200'000; ++i) last = names.make("a", ".x");
  EXPECT_EQ(last, "a~200000.x");
}

TEST(FileNamesTest, FitsIntoAnyFileSystem) {
  FileNames names;
  for (int i = 0; i < 12; ++i)
    EXPECT_LE(names.make(std::string(5000, 'a'), ".pcapng").size(), 120U);
}

}  // namespace
}  // namespace dialtone
