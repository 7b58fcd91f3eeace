#include "harness/model/ending.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(ConnectOutcomeTest, EveryNameLeadsBackToItsOutcome) {
  for (const auto outcome :
       {ConnectOutcome::kConnected, ConnectOutcome::kRefused, ConnectOutcome::kTimeout,
        ConnectOutcome::kUnreachable, ConnectOutcome::kReset}) {
    EXPECT_EQ(find_connect_outcome(name_of(outcome)), outcome) << name_of(outcome);
  }
}

TEST(ConnectOutcomeTest, NamesAreThoseOfTheScenarioLanguage) {
  EXPECT_EQ(name_of(ConnectOutcome::kRefused), "refused");
  EXPECT_EQ(name_of(ConnectOutcome::kUnreachable), "unreachable");
}

TEST(ConnectOutcomeTest, RefusesAnotherWord) {
  EXPECT_EQ(find_connect_outcome("closed"), std::nullopt);
  EXPECT_EQ(find_connect_outcome(""), std::nullopt);
}

TEST(EndingTest, FinResetAndTimeoutKeepTheirOwnNames) {
  EXPECT_EQ(name_of(Ending::kFin), "fin");
  EXPECT_EQ(name_of(Ending::kReset), "reset");
  EXPECT_EQ(name_of(Ending::kTimeout), "timeout");
}

}  // namespace
}  // namespace dialtone
