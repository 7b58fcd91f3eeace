#include "harness/cli/ctest_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

struct Planned {
  std::shared_ptr<Suite> suite = std::make_shared<Suite>();
  PlannedScenario scenario(std::string name, std::string id, std::vector<std::string> tags = {}) {
    suite->name = std::move(name);
    suite->file = "/s/a b.json";
    suite->scenarios.emplace_back();
    suite->scenarios.back().id = std::move(id);
    suite->scenarios.back().tags = std::move(tags);
    return {suite, &suite->scenarios.back(), 1, std::nullopt};
  }
};

TEST(CtestScriptTest, IsATestAScenario) {
  Planned planned;
  CtestOptions options{{"/bin/dialtone", "run"}, {"--target", "p.json"}, "pre.", {"mine"}};
  options.properties = {{"TIMEOUT", "60"}};
  EXPECT_EQ(ctest_script({planned.scenario("s.t", "A-1", {"quick"})}, options),
            "add_test([[pre.s.t/A-1]] [[/bin/dialtone]] [[run]] [[/s/a b.json]] [[--filter]] "
            "[[A-1]] [[--skip-code]] [[77]] [[--target]] [[p.json]])\n"
            "set_tests_properties([[pre.s.t/A-1]] PROPERTIES SKIP_RETURN_CODE 77 LABELS "
            "[[s.t;MUST;quick;mine]] [[TIMEOUT]] [[60]])\n");
}

TEST(CtestScriptTest, LabelsAreOneElementEach) {
  Planned planned;
  EXPECT_THAT(ctest_script({planned.scenario("a;b", "A-1", {"[x", "y]"})}, {}),
              HasSubstr("LABELS [[a,b;MUST;(x;y)]]"));
}

TEST(CtestScriptTest, ControlCharactersOfANameAreEscaped) {
  Planned planned;
  EXPECT_EQ(ctest_name(planned.scenario("a\nb", "A-1"), "p\x1b"), "p\\x1ba\\nb/A-1");
}

/// CMake itself says what it reads.
TEST(CtestScriptTest, AnArgumentIsReadAsItWasWritten) {
  const TemporaryDirectory files;
  for (const std::string text :
       {"", "plain", "a b;c", "${HOME} $ENV{HOME} @x@", "\"quoted\" \\n \\", "]]", "x]",
        "x]=", "a]]b]=]c]==]d", "[[", "\nline", "#(", "\xe4\xbd\xa0"}) {
    const auto script = files.write(
        "s.cmake", "file(WRITE [[" + files.path("read") + "]] " + cmake_argument(text) + ")\n");
    Command command;
    command.argv = {"cmake", "-P", script};
    const auto result = run_program(command);
    ASSERT_EQ(result.exit_code, 0) << text << result.err;
    EXPECT_EQ(read_text(files.path("read")), text);
  }
}

}  // namespace
}  // namespace dialtone
