#include <gtest/gtest.h>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

TEST(PauseTest, ChecksNothing) { EXPECT_EQ(outcome_of(run_alone(R"({"pause": "1ms"})")), "pass"); }

TEST(PauseTest, IsNotShorterThanItSays) {
  const auto begin = Clock::now();
  EXPECT_EQ(outcome_of(run_alone(R"({"pause": "30ms"})")), "pass");
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds(30));
}

}  // namespace
}  // namespace dialtone
