#include "harness/model/suite_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace dialtone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const Suite> suite_with(Scenario scenario) {
  auto suite = std::make_shared<Suite>();
  suite->name = "my.suite";
  suite->title = "What it is about";
  suite->scenarios.push_back(std::move(scenario));
  return suite;
}

TEST(FaultMatrixFile, IsReadTheOtherWayRound) {
  const auto proven = read_fault_matrix(
      R"({"dup": {"fails": ["A-1", "A-2"]}, "line/extra": {"fails": ["A-1"], "errors": ["A-3"]}})");
  EXPECT_THAT(proven.at("A-1"), ElementsAre("dup", "extra"));
  EXPECT_THAT(proven.at("A-2"), ElementsAre("dup"));
  EXPECT_FALSE(proven.contains("A-3"));
}

TEST(FaultMatrixFile, IsRefusedWhereItIsNone) {
  EXPECT_THROW(read_fault_matrix("[]"), std::invalid_argument);
  EXPECT_THROW(read_fault_matrix("{"), std::invalid_argument);
}

TEST(SuitePage, SaysWhatAScenarioIsAndWhatProvesIt) {
  Scenario scenario;
  scenario.id = "A-1";
  scenario.title = "a *reply* comes";
  scenario.level = Level::kShould;
  scenario.source = "RFC 9293";
  scenario.means = "the reply is lost";
  scenario.must_if = {"half_close"};
  scenario.needs = {"loop", "parameter.request"};
  scenario.outline = {R"({"connect": "c"})"};
  const auto page = suite_page({suite_with(scenario)}, {{"A-1", {"dup", "extra"}}});
  EXPECT_EQ(page, R"(## my.suite

What it is about.

### A-1

a \*reply\* comes.

- **Level**: SHOULD, from RFC 9293
- **MUST where the target provides**: `half_close`
- **Needs**: `loop`
- **Parameters**: `request`
- **Proven by the faults**: `dup`, `extra`
- **A failure usually means**: the reply is lost

```json
{"connect": "c"}
```
)");
}

TEST(SuitePage, SaysWhyNoFaultCanBreakAScenario) {
  Scenario scenario;
  scenario.id = "A-1";
  scenario.no_fault = "the kernel's doing";
  const auto page = suite_page({suite_with(scenario)}, {});
  EXPECT_THAT(page, HasSubstr("- **No fault can break it**: the kernel's doing\n"));
  EXPECT_THAT(page, Not(HasSubstr("Proven by")));
}

}  // namespace
}  // namespace dialtone
