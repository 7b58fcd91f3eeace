#include "harness/cli/shell_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/program.hpp"

namespace dialtone {
namespace {

TEST(ShellWordTest, PlainWordsStayAsTheyAre) {
  EXPECT_EQ(shell_word("scenarios/article-1_2.json"), "scenarios/article-1_2.json");
  EXPECT_EQ(shell_word("name=value,a:b@c%d+e"), "name=value,a:b@c%d+e");
}

TEST(ShellWordTest, AnEmptyWordIsQuotedOrItWouldVanish) { EXPECT_EQ(shell_word(""), "''"); }

TEST(ShellWordTest, AQuoteIsClosedEscapedAndOpenedAgain) {
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
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

INSTANTIATE_TEST_SUITE_P(Words, ShellWordInAShell,
                         testing::Values("", " ", "a b", "it's", "''", "$HOME", "`id`", "$(id)",
                                         "a\"b", "a\\b", "*", "?", "[a-z]", "a;b", "a&b", "a|b",
                                         "a>b", "#a", "~", "!x", "a\nb", "\t", "你在么?",
                                         "\xff\xfe", "-n", "{a,b}"));

}  // namespace
}  // namespace dialtone
