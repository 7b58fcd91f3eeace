#include "harness/runner/descriptor_budget.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

#include "harness/runner/runner_test_support.hpp"

namespace dialtone {
namespace {

TEST(DescriptorBudgetTest, RaisesTheSoftLimitAndLeavesAFifth) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  auto low = before;
  low.rlim_cur = std::min<rlim_t>(before.rlim_max, 64);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto budget = descriptor_budget();
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  EXPECT_EQ(budget, static_cast<int>(std::min<rlim_t>(after.rlim_cur, 1 << 20) / 5 * 4));
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(DescriptorsOfTest, ManyConnectionsCountBothSides) {
  const auto few = descriptors_of(suite_of(R"({"connect": "c"})")->scenarios[0]);
  const auto many = descriptors_of(suite_of(R"({"connect": "c", "count": 500})")->scenarios[0]);
  EXPECT_EQ(many - few, 2 * 499);
}

}  // namespace
}  // namespace dialtone
