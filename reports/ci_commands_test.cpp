#include "reports/ci_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "reports/hostile_run.hpp"
#include "reports/registry.hpp"

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
                    Case{"a\n::error::x\n", "a\n\\x3a:error::x\n"}, Case{"###[x]", "#\\x23#[x]"},
                    // No commands:
                    Case{"", ""}, Case{"   ", "   "}, Case{"listens on ::1", "listens on ::1"},
                    Case{"[::1]:80", "[::1]:80"}, Case{": : x", ": : x"},
                    Case{"## Title", "## Title"}, Case{"##", "##"}, Case{"#[x]", "#[x]"},
                    Case{"##abc", "##abc"}, Case{"##-[x]", "##-[x]"}));

/// Each line of what the format makes of a run in which a peer, a program and a file say this.
std::string report_of(const ReportFormat& format, std::string_view variant) {
  const auto run = run_with("\n::error::x\n\u00a0::stop-commands::y ##vso[task.complete]z ##[a]");
  std::ostringstream out;
  ReportOptions options;
  options.variant = variant;
  format.write(run, options, out);
  return out.str();
}

TEST(CiCommandsTest, NoReportOnStandardOutputHasThemFromAPeer) {
  int formats = 0;
  for (const auto* format : report_formats()) {
    if (format->write == nullptr) continue;  // a directory is no output
    auto variants = std::vector<std::string_view>(format->variants.begin(), format->variants.end());
    if (variants.empty()) variants.emplace_back();
    for (const auto variant : variants) {
      auto text = report_of(*format, variant);
      // An annotation is such a command, of ours.
      if (variant == "annotations") text = std::regex_replace(text, std::regex("(^|\n)::"), "$1");
      EXPECT_THAT(text, testing::HasSubstr("stop-commands")) << format->name;
      EXPECT_EQ(without_ci_commands(text), text) << format->name << ' ' << variant;
      ++formats;
    }
  }
  EXPECT_GE(formats, 9);
}

TEST(CiCommandsTest, AnotherReportsEscapesAreItsOwn) {
  EXPECT_EQ(without_ci_commands("::a\n##[b", kCiEscapesOfMarkup), "&#58;:a\n&#35;#[b");
  EXPECT_EQ(without_ci_commands("\"##[b", kCiEscapesOfJson), "\"\\u0023#[b");
}

}  // namespace
}  // namespace dialtone
