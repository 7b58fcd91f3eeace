#include "reports/ci_commands.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dialtone {
namespace {

struct Case {
  std::string line;
  std::string inert;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.line; }

class CiCommands : public testing::TestWithParam<Case> {};

TEST_P(CiCommands, AreTextOnly) {
  EXPECT_EQ(without_ci_commands(GetParam().line), GetParam().inert);
  // Nothing is left to be found a second time.
  EXPECT_EQ(without_ci_commands(GetParam().inert), GetParam().inert);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, CiCommands,
    testing::Values(Case{"::error::x", "\\x3a:error::x"},
                    Case{"    ::stop-commands::x", "    \\x3a:stop-commands::x"},
                    Case{"\t::add-mask::x", "\t\\x3a:add-mask::x"},
                    Case{"\u00a0::error::x", "\u00a0\\x3a:error::x"},
                    Case{" \u3000\ufe0f::error::x", " \u3000\ufe0f\\x3a:error::x"},
                    Case{"a ##[add-mask]b", "a \\x23#[add-mask]b"},
                    Case{"##[group]x ##[error]y", "\\x23#[group]x \\x23#[error]y"},
                    Case{"\"##vso[task.setvariable variable=a]b\"",
                         "\"\\x23#vso[task.setvariable variable=a]b\""},
                    Case{"##teamcity[buildStatus text='x']",
                         "\\x23#teamcity[buildStatus text='x']"},
                    Case{"###[x]", "#\\x23#[x]"},
                    // No commands:
                    Case{"", ""}, Case{"   ", "   "}, Case{"listens on ::1", "listens on ::1"},
                    Case{"[::1]:80", "[::1]:80"}, Case{": : x", ": : x"},
                    Case{"## Title", "## Title"}, Case{"##", "##"}, Case{"#[x]", "#[x]"},
                    Case{"##abc", "##abc"}, Case{"##-[x]", "##-[x]"}));

}  // namespace
}  // namespace dialtone
