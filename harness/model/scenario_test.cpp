#include "harness/model/scenario.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(LevelTest, IsNamedAsScenariosSpellIt) {
  EXPECT_EQ(name_of(Level::kMust), "MUST");
  EXPECT_EQ(name_of(Level::kShould), "SHOULD");
  EXPECT_EQ(name_of(Level::kMay), "MAY");
}

}  // namespace
}  // namespace dialtone
