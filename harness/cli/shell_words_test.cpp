#include "harness/cli/shell_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/program.hpp"

namespace dialtone {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

TEST(ShellWordTest, PlainWordsStayAsTheyAre) {
  EXPECT_EQ(shell_word("scenarios/article-1_2.json"), "scenarios/article-1_2.json");
  EXPECT_EQ(shell_word("name=value,a:b@c%d+e"), "name=value,a:b@c%d+e");
}

TEST(ShellWordTest, AnEmptyWordIsQuotedOrItWouldVanish) { EXPECT_EQ(shell_word(""), "''"); }

TEST(ShellWordTest, AQuoteIsClosedEscapedAndOpenedAgain) {
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
}

TEST(SplitShellWordsTest, QuotesAndBackslashesAreReadAsAShellReadsThem) {
  EXPECT_THAT(split_shell_words(R"( ./a 'b c'd "e \" \n \\" \ f '' ${port} "${port}")"),
              Optional(ElementsAre("./a", "b cd", R"(e " \n \)", " f", "", "${port}", "${port}")));
  EXPECT_THAT(split_shell_words(" \t\n"), Optional(IsEmpty()));
}

TEST(SplitShellWordsTest, WhatIsNotClosedIsRefused) {
  EXPECT_EQ(split_shell_words("a 'b"), std::nullopt);
  EXPECT_EQ(split_shell_words("a \"b"), std::nullopt);
  EXPECT_EQ(split_shell_words("a \"b\\\""), std::nullopt);
  EXPECT_EQ(split_shell_words("a\\"), std::nullopt);
}

/// The shell itself is asked: what it makes of the quoted word must be the word.
class ShellWordInAShell : public testing::TestWithParam<std::string> {};

TEST_P(ShellWordInAShell, ArrivesAsItWas) {
  Command command;
  command.argv = {"/bin/sh", "-c", "printf '[%s]' " + shell_word(GetParam())};
  const auto result = run_program(command);
  EXPECT_EQ(result.exit_code, 0) << result.how;
  EXPECT_EQ(result.out, "[" + GetParam() + "]");
  EXPECT_EQ(result.err, "");
}

TEST_P(ShellWordInAShell, IsSplitOffAsItWas) {
  EXPECT_THAT(split_shell_words("a " + shell_word(GetParam()) + "\tb"),
              Optional(ElementsAre("a", GetParam(), "b")));
}

INSTANTIATE_TEST_SUITE_P(Words, ShellWordInAShell,
                         testing::Values("", " ", "a b", "it's", "''", "$HOME", "`id`", "$(id)",
                                         "a\"b", "a\\b", "*", "?", "[a-z]", "a;b", "a&b", "a|b",
                                         "a>b", "#a", "~", "!x", "a\nb", "\t", "你在么?",
                                         "\xff\xfe", "-n", "{a,b}"));

}  // namespace
}  // namespace dialtone
