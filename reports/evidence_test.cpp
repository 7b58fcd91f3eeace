#include "reports/evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/printable.hpp"
#include "reports/cap.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

ScenarioResult failing() {
  const auto suite = make_suite(1);
  suite->scenarios[0].steps.push_back(
      {.spec = nullptr, .step = nullptr, .text = R"({"expect_eof": "c"})", .where = {}});
  auto result = make_result(suite, 0, Verdict::kFail);
  result.failed_step = 0;
  result.where = {"./a.json", 7, 3};
  result.problem.message = "no FIN came";
  return result;
}

TEST(HeadlineTest, CountsStepsFromOne) { EXPECT_EQ(headline(failing()), "step 1: no FIN came"); }

TEST(HeadlineTest, NamesNoStepWhereNoneIsToBlame) {
  auto result = failing();
  result.failed_step = -1;
  EXPECT_EQ(headline(result), "no FIN came");
}

TEST(HeadlineTest, IsOneShortPrintableLine) {
  auto result = failing();
  result.problem.message = "a\nb\x1b" + std::string(5000, 'x');
  EXPECT_THAT(headline(result), testing::StartsWith("step 1: a\\nb\\x1bxxx"));
  EXPECT_LT(headline(result).size(), 1100U);
}

// A log may hold any label.
TEST(HeadlineTest, EscapesTheStepsLabel) {
  auto result = failing();
  auto scenario = *result.scenario;
  scenario.steps.at(0).label = "3\xff\n.1";
  result.scenario = &scenario;
  EXPECT_EQ(headline(result), "step 3\\xff\\n.1: no FIN came");
}

TEST(EvidenceTest, ShowsPlaceStepValuesAndRequirement) {
  auto result = failing();
  result.problem.expected = "FIN";
  result.problem.actual = "RST";
  EXPECT_EQ(plain_text(render_evidence(result, {})),
            "at a.json:7:3\n"
            "  {\"expect_eof\": \"c\"}\n"
            "expected  FIN\n"
            "actual    RST\n"
            "MUST\n");
}

// A step that holds branches would show all of them.
TEST(EvidenceTest, OfABranchItsStepIsShown) {
  auto result = failing();
  result.problem.step = "{\"expect\": \"\x1b\"}";
  EXPECT_EQ(plain_text(render_evidence(result, {})),
            "at a.json:7:3\n"
            "  {\"expect\": \"\\x1b\"}\n"
            "MUST\n");
}

TEST(EvidenceTest, OctetsTakeThePlaceOfTheValues) {
  auto result = failing();
  result.problem.expected = "not shown";
  result.problem.bytes = ByteComparison{"a", "b", 0, Encoding::kUtf8};
  const auto text = plain_text(render_evidence(result, {}));
  EXPECT_THAT(text, testing::HasSubstr("expected  |61|\n"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("not shown")));
}

TEST(EvidenceTest, AStepThatTheScenarioDoesNotHaveIsLeftOut) {
  auto result = failing();
  result.failed_step = 5;
  EXPECT_EQ(plain_text(render_evidence(result, {})), "at a.json:7:3\nMUST\n");
}

TEST(HeadlineTest, ALongMessageIsCutAsTheWholeOfItWouldBe) {
  auto result = make_result(make_suite(1), 0, Verdict::kFail);
  for (std::size_t before = 990; before < 1010; ++before) {
    result.problem.message = std::string(before, 'm') + "\x01\u20ac\u20ac\xe2\x82";
    EXPECT_EQ(headline(result), cap_end(printable(result.problem.message), 1000));
  }
}

}  // namespace
}  // namespace dialtone
