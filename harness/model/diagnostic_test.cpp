#include "harness/model/diagnostic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone {
namespace {

const std::vector<std::string> kVerbs = {"connect",      "send",  "expect", "expect_eof",
                                         "expect_reset", "close", "reset",  "on"};

TEST(SourceLocationTest, ReadsAsFileLineColumn) {
  EXPECT_EQ(to_string({"suite.json", 5, 6}), "suite.json:5:6");
}

TEST(SourceLocationTest, IsOnlyTheFileWhereThereIsNoLine) {
  EXPECT_EQ(to_string({"suite.json", 0, 0}), "suite.json");
}

TEST(RenderTest, PutsTheHintOnALineOfItsOwn) {
  EXPECT_EQ(render({{"suite.json", 5, 6}, "unknown step 'expct'", "did you mean 'expect'?"}),
            "suite.json:5:6: unknown step 'expct'\n  hint: did you mean 'expect'?\n");
}

TEST(RenderTest, LeavesOutAnEmptyHint) {
  EXPECT_EQ(render({{"gone.json", 0, 0}, "no such file", ""}), "gone.json: no such file\n");
}

TEST(RenderTest, KeepsToTwoLinesWhateverTheFileHolds) {
  EXPECT_EQ(render({{"a\nb.json", 1, 2}, "key 'x\r\ny\x1b[2J'", "see\n\u202e"}),
            "a\\nb.json:1:2: key 'x\\r\\ny\\x1b[2J'\n  hint: see\\n\\u{202e}\n");
}

TEST(SuggestTest, FindsAMissingAnExtraAWrongAndASwappedLetter) {
  EXPECT_EQ(suggest("expct", kVerbs), "did you mean 'expect'?");
  EXPECT_EQ(suggest("sennd", kVerbs), "did you mean 'send'?");
  EXPECT_EQ(suggest("clase", kVerbs), "did you mean 'close'?");
  EXPECT_EQ(suggest("conenct", kVerbs), "did you mean 'connect'?");
  EXPECT_EQ(suggest("sned", kVerbs), "did you mean 'send'?");  // two edits, but one swap
}

TEST(SuggestTest, TakesTheNearestOfSeveral) {
  EXPECT_EQ(suggest("expect_eo", kVerbs), "did you mean 'expect_eof'?");
  EXPECT_EQ(suggest("expect_rese", kVerbs), "did you mean 'expect_reset'?");
}

TEST(SuggestTest, IgnoresCase) {
  EXPECT_EQ(suggest("EXPECT", kVerbs), "did you mean 'expect'?");
  EXPECT_EQ(suggest("must", {"MAY", "MUST"}), "did you mean 'MUST'?");
}

TEST(SuggestTest, ListsAllWhereNoneIsNear) {
  EXPECT_EQ(suggest("frobnicate", {"send", "close"}), "known: send, close");
  EXPECT_EQ(suggest("", {"send", "close"}), "known: send, close");
  EXPECT_EQ(suggest("x", {"y"}),
            "known: y");  // one letter, and that another one, is no misspelling
}

TEST(SuggestTest, AcceptsOneEditInAThird) {
  EXPECT_EQ(suggest("abcxyf", {"abcdef"}), "did you mean 'abcdef'?");
  EXPECT_EQ(suggest("abxxyf", {"abcdef"}), "known: abcdef");
}

TEST(SuggestTest, IsEmptyWithoutCandidates) { EXPECT_EQ(suggest("send", {}), ""); }

TEST(SuggestTest, SurvivesAWordOfAMegabyte) {
  EXPECT_EQ(suggest(std::string(1 << 20, 'e'), {"expect"}), "known: expect");
}

}  // namespace
}  // namespace dialtone
