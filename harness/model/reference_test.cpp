#include "harness/model/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "harness/model/fake_steps.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string text_of(std::string_view verb) {
  for (const auto* spec : fake_steps()) {
    if (spec->verb == verb) return step_reference_text({&spec, 1});
  }
  return "";
}

TEST(ReferenceTest, AVerbIsShownWithItsFieldsAndAnExample) {
  EXPECT_THAT(text_of("connect"), StartsWith(R"(connect
    Connects | judges what comes of it.
    connect  the connection's name (required; a name for the connection)
    to       where to; the target's address by default (an address such as "127.0.0.1:7788")
    outcome  what must come of it (one of: connected, refused, timeout)
    count    that many connections, named "NAME.1", "NAME.2", ... (a whole number, zero or more)
    example  { "connect": "c", "outcome": "refused" }

Every step takes also:
)"));
}

TEST(ReferenceTest, WhatAVerbNeedsIsShown) {
  EXPECT_THAT(
      text_of("spawn"),
      HasSubstr("    needs    'client': the target comes with a client program that we launch\n"));
}

TEST(ReferenceTest, WhatEveryStepTakesStandsAtTheEnd) {
  EXPECT_TRUE(step_reference_text(fake_steps()).ends_with(R"(Every step takes also:
    within   deadline of this step, counted from its start; the scenario's timeout by default (a
             duration with its unit, such as "200ms")
    note     for the reader; it does nothing (a text)
)"));
}

TEST(ReferenceTest, FitsAHundredColumns) {
  std::istringstream lines(step_reference_text(fake_steps()));
  for (std::string line; std::getline(lines, line);) {
    const auto tails = std::count_if(line.begin(), line.end(), is_utf8_continuation);
    EXPECT_LE(line.size() - static_cast<std::size_t>(tails), 100U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(ReferenceTest, EveryVerbAndFieldIsInIt) {
  const auto text = step_reference_text(fake_steps());
  for (const auto* spec : fake_steps()) {
    EXPECT_THAT(text, HasSubstr("\n    " + std::string(spec->fields.front().name)));
    for (const auto& field : spec->fields) {
      EXPECT_THAT(text, HasSubstr("\n    " + std::string(field.name) + " "));
    }
  }
}

TEST(ReferenceTest, MarkdownIsATable) {
  const auto* spec = fake_steps().front();
  EXPECT_EQ(
      step_reference_markdown({&spec, 1}),
      "| verb | what it does | fields |\n"
      "|---|---|---|\n"
      "| `connect` | Connects \\| judges what comes of it. | a name for the connection; `to`, "
      "`outcome`, `count` |\n");
}

TEST(ReferenceTest, MarkdownMarksWhatIsRequired) {
  EXPECT_THAT(step_reference_markdown(fake_steps()),
              HasSubstr("| `accept` | Accepts. | a name for the connection; `on` (required) |\n"));
}

}  // namespace
}  // namespace dialtone
