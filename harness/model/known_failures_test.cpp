#include "harness/model/known_failures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StrEq;

struct Read {
  std::map<std::string, KnownFailure> known;
  std::string shown;  ///< the mistakes
};

Read read(const std::string& text) {
  Diagnostics diagnostics;
  LoadContext context("p.json", {}, diagnostics);
  const auto root = parse_json("p.json", text, diagnostics);
  Read result;
  result.known = read_known_failures(&root.value(), context);
  for (const auto& diagnostic : diagnostics) result.shown += render(diagnostic);
  return result;
}

TEST(KnownFailuresTest, AReasonMayStandAlone) {
  const auto [known, shown] = read(R"({"A-1": "ticket 431"})");
  EXPECT_THAT(shown, IsEmpty());
  ASSERT_TRUE(known.contains("A-1"));
  EXPECT_EQ(known.at("A-1").reason, "ticket 431");
  EXPECT_EQ(known.at("A-1").until, "");
  EXPECT_EQ(known.at("A-1").where, (SourceLocation{"p.json", 1, 9}));
}

TEST(KnownFailuresTest, OrWithItsLastDay) {
  const auto [known, shown] = read(R"({"A-1": {"reason": "r", "until": "2027-01-31"}})");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_EQ(known.at("A-1").reason, "r");
  EXPECT_EQ(known.at("A-1").until, "2027-01-31");
}

TEST(KnownFailuresTest, AProfileWithoutThemKnowsNone) {
  Diagnostics diagnostics;
  LoadContext context("p.json", {}, diagnostics);
  EXPECT_THAT(read_known_failures(nullptr, context), IsEmpty());
  EXPECT_THAT(diagnostics, IsEmpty());
}

struct Mistake {
  const char* name;
  const char* text;
  const char* shown;
};

class KnownFailuresMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(KnownFailuresMistakes, AreShown) {
  EXPECT_THAT(read(GetParam().text).shown, StrEq(GetParam().shown));
}

constexpr auto kNoReason =
    "p.json:1:9: known failure 'A-1' has no reason\n"
    "  hint: why it is let pass, such as \"ticket 431: large replies are cut\"\n";

INSTANTIATE_TEST_SUITE_P(
    All, KnownFailuresMistakes,
    ::testing::Values(Mistake{"NoObject", R"(["A-1"])",
                              "p.json:1:1: 'known_failures' must be an object, but is an array\n"},
                      Mistake{
                          "ANumber", R"({"A-1": 1})",
                          "p.json:1:9: known failure 'A-1' must be an object, but is a number\n"},
                      Mistake{"AnEmptyReason", R"({"A-1": ""})", kNoReason},
                      Mistake{"NoReason", R"({"A-1": {"until": "2027-01-31"}})", kNoReason},
                      Mistake{"UnknownKey", R"({"A-1": {"reason": "r", "untill": "2027-01-31"}})",
                              "p.json:1:25: unknown key 'untill' in a known failure\n"
                              "  hint: did you mean 'until'?\n"},
                      Mistake{"NoSuchDay", R"({"A-1": {"reason": "r", "until": "2027-02-30"}})",
                              "p.json:1:34: 'until' must be a day\n"
                              "  hint: such as \"2027-01-31\"; it counts itself\n"},
                      Mistake{"NoDay", R"({"A-1": {"reason": "r", "until": 2027}})",
                              "p.json:1:34: 'until' must be a day\n"
                              "  hint: such as \"2027-01-31\"; it counts itself\n"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(IsDateTest, OnlyDaysThatThereAre) {
  for (const auto* day : {"2027-01-31", "2028-02-29", "0001-12-01", "9999-12-31"})
    EXPECT_TRUE(is_date(day)) << day;
  for (const auto* other :
       {"", "2027-02-29", "2027-13-01", "2027-00-10", "2027-01-00", "2027-1-31", "27-01-31",
        "2027/01/31", "2027-01-31 ", " 2027-01-31", "2027-01-3x", "tomorrow"})
    EXPECT_FALSE(is_date(other)) << other;
}

TEST(HoldsOnTest, ItsLastDayCounts) {
  const KnownFailure known{"r", "2027-01-31", {}};
  EXPECT_TRUE(holds_on(known, "2026-12-31"));
  EXPECT_TRUE(holds_on(known, "2027-01-31"));
  EXPECT_FALSE(holds_on(known, "2027-02-01"));
  EXPECT_TRUE(holds_on({"r", "", {}}, "9999-12-31"));
}

class ApplyKnownFailuresTest : public ::testing::Test {
 protected:
  ApplyKnownFailuresTest() {
    scenario_.id = "A-1";
    scenario_.where = {"s.json", 3, 5};
  }

  ScenarioResult apply(Verdict verdict, const std::string& today = "2026-11-25") {
    ScenarioResult result;
    result.scenario = &scenario_;
    result.verdict = verdict;
    result.where = scenario_.where;
    result.problem.type = "Timeout";
    result.problem.message = "nothing came";
    apply_known_failures(result, known_, today);
    return result;
  }

  Scenario scenario_;
  std::map<std::string, KnownFailure> known_{
      {"A-1", {"ticket 431", "2027-01-31", {"p.json", 7, 9}}}};
};

TEST_F(ApplyKnownFailuresTest, AFailureIsKnownAndKeepsItsEvidence) {
  for (const auto verdict : {Verdict::kFail, Verdict::kWarn}) {
    const auto result = apply(verdict);
    EXPECT_EQ(result.verdict, Verdict::kKnown);
    EXPECT_EQ(result.known_reason, "ticket 431");
    EXPECT_EQ(result.problem.type, "Timeout");
    EXPECT_EQ(result.problem.message, "nothing came");
    EXPECT_EQ(result.where, scenario_.where);
  }
}

TEST_F(ApplyKnownFailuresTest, APassFailsAndPointsAtTheProfile) {
  const auto result = apply(Verdict::kPass);
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_EQ(result.problem.type, "KnownFailurePassed");
  EXPECT_THAT(result.problem.message, HasSubstr("ticket 431"));
  EXPECT_EQ(result.where, (SourceLocation{"p.json", 7, 9}));
}

TEST_F(ApplyKnownFailuresTest, WhatWasNotJudgedStaysSo) {
  EXPECT_EQ(apply(Verdict::kError).verdict, Verdict::kError);
  EXPECT_EQ(apply(Verdict::kSkip).verdict, Verdict::kSkip);
}

TEST_F(ApplyKnownFailuresTest, AfterItsLastDayItIsAFailureLikeAnyOther) {
  const auto result = apply(Verdict::kFail, "2027-02-01");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_EQ(result.known_reason, "");
  EXPECT_EQ(result.problem.message, "nothing came; known until 2027-01-31: ticket 431");
}

TEST_F(ApplyKnownFailuresTest, OthersAreLeftAlone) {
  scenario_.id = "A-2";
  EXPECT_EQ(apply(Verdict::kFail).verdict, Verdict::kFail);
  EXPECT_EQ(apply(Verdict::kPass).verdict, Verdict::kPass);
}

}  // namespace
}  // namespace dialtone
