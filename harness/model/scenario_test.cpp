#include "harness/model/scenario.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(LevelTest, IsNamedAsScenariosSpellIt) {
  EXPECT_EQ(name_of(Level::kMust), "MUST");
  EXPECT_EQ(name_of(Level::kShould), "SHOULD");
  EXPECT_EQ(name_of(Level::kMay), "MAY");
}

TEST(PersonalityTest, IsFoundByTheNameThatItHas) {
  EXPECT_EQ(find_personality(name_of(Personality::kArticle)), Personality::kArticle);
  EXPECT_EQ(find_personality(name_of(Personality::kLine)), Personality::kLine);
  EXPECT_EQ(find_personality("lines"), std::nullopt);
}

}  // namespace
}  // namespace dialtone
