#include "harness/model/step_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/model/fake_steps.hpp"

namespace dialtone {
namespace {

using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::IsNull;
using ::testing::Not;
using ::testing::NotNull;

const StepSpec& verb(std::string_view name) {
  for (const auto* spec : fake_steps()) {
    if (spec->verb == name) return *spec;
  }
  throw std::out_of_range("no such verb");
}

TEST(StepSpecTest, FindsItsOwnFieldsAndTheCommonOnes) {
  ASSERT_THAT(find_field(verb("connect"), "count"), NotNull());
  EXPECT_EQ(find_field(verb("connect"), "count")->type, FieldType::kInteger);
  ASSERT_THAT(find_field(verb("connect"), "within"), NotNull());
  EXPECT_EQ(find_field(verb("connect"), "within")->type, FieldType::kDuration);
  EXPECT_THAT(find_field(verb("send"), "count"), IsNull());
}

TEST(StepSpecTest, EveryTypeIsDescribedAndTheFakesUseThemAll) {
  std::set<FieldType> used;
  for (const auto* spec : fake_steps()) {
    for (const auto& field : spec->fields) used.insert(field.type);
  }
  for (const auto& field : common_fields()) used.insert(field.type);
  for (int type = 0; type <= static_cast<int>(FieldType::kVariable); ++type) {
    EXPECT_THAT(describe(static_cast<FieldType>(type)), Not(IsEmpty()));
    EXPECT_TRUE(used.contains(static_cast<FieldType>(type)))
        << describe(static_cast<FieldType>(type));
  }
}

}  // namespace
}  // namespace dialtone
