#include "harness/model/variant_fold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::StrEq;

ScenarioResult result_with(Verdict verdict, std::string message = {}) {
  ScenarioResult result;
  result.verdict = verdict;
  result.problem.message = std::move(message);
  return result;
}

/// A send of four octets: three cuts, then octet by octet.
VariantFold fold_of(ScenarioResult whole) {
  const VaryOptions options{.segmentation = true};
  Scenario scenario;
  return {std::move(whole), variants_of(scenario, {{nullptr, "c", 4, "2"}}, options), options};
}

TEST(VariantFoldTest, TheSameVerdictsAreThatVerdict) {
  auto fold = fold_of(result_with(Verdict::kPass));
  for (std::size_t i = 0; i < 4; ++i) fold.add(i, result_with(Verdict::kPass), i == 1);
  const auto result = fold.result();
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.variants->run, 4U);
  EXPECT_EQ(result.variants->unshown, 1U);
  EXPECT_THAT(result.variants->differs, StrEq(""));
}

TEST(VariantFoldTest, TheSmallestThatDiffersIsNamedWhateverEndsFirst) {
  auto fold = fold_of(result_with(Verdict::kPass));
  fold.add(3, result_with(Verdict::kFail, "octets"), false);
  EXPECT_TRUE(fold.is_wanted(2));
  auto second = result_with(Verdict::kFail, "wrong reply");
  second.failed_step = 2;
  fold.add(1, std::move(second), false);
  EXPECT_FALSE(fold.is_wanted(2));
  fold.add(2, result_with(Verdict::kFail, "third"), false);
  fold.add(0, result_with(Verdict::kPass), false);
  const auto result = fold.result();
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_EQ(result.failed_step, 2);
  EXPECT_THAT(result.problem.message,
              StrEq("with the send of step 2 on 'c' cut after octet 2 of 4, where it passes whole: "
                    "wrong reply"));
  EXPECT_THAT(result.variants->differs, HasSubstr("after octet 2"));
}

TEST(VariantFoldTest, AWarningThatOnlyAVariantGivesIsADifferenceToo) {
  auto fold = fold_of(result_with(Verdict::kPass));
  fold.add(0, result_with(Verdict::kWarn, "late"), false);
  EXPECT_EQ(fold.result().verdict, Verdict::kFail);
}

TEST(VariantFoldTest, APassWhereTheWholeWarnsIsADifference) {
  auto fold = fold_of(result_with(Verdict::kWarn, "no reply"));
  fold.add(0, result_with(Verdict::kPass), false);
  const auto result = fold.result();
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_THAT(result.problem.message, HasSubstr("no reply; but it passes with the send of step 2"));
}

TEST(VariantFoldTest, NoVerdictUnderAVariantIsAnErrorAndNoDifference) {
  auto fold = fold_of(result_with(Verdict::kPass));
  fold.add(1, result_with(Verdict::kError, "not shown"), true);
  EXPECT_TRUE(fold.is_wanted(2));
  const auto result = fold.result();
  EXPECT_EQ(result.verdict, Verdict::kError);
  EXPECT_THAT(result.problem.message, HasSubstr("cut after octet 2 of 4: not shown"));
}

TEST(VariantFoldTest, ADifferenceOutweighsAnError) {
  auto fold = fold_of(result_with(Verdict::kPass));
  fold.add(0, result_with(Verdict::kError, "not shown"), true);
  fold.add(2, result_with(Verdict::kFail, "wrong"), false);
  EXPECT_EQ(fold.result().verdict, Verdict::kFail);
}

}  // namespace
}  // namespace dialtone
