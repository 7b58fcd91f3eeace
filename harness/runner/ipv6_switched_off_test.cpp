#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/plan.hpp"
#include "harness/net/namespace_test_support.hpp"
#include "harness/runner/external_target.hpp"
#include "harness/runner/run_all.hpp"
#include "harness/runner/runner_test_support.hpp"

/// A host without IPv6 judges no server for it: what needs it is skipped or an error.
namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kOff = "sysctl -qw net.ipv6.conf.all.disable_ipv6=1";

ScenarioResult only_result(const std::string& address, const std::string& steps,
                           const std::string& extra = {}) {
  auto made = make_external_target(external_profile(address, {}), true);
  const auto target = std::move(std::get<std::unique_ptr<Target>>(made));
  const auto planned = plan({suite_of(steps, extra)}, target->provides(), {});
  const auto finished = run_all(planned, *target, {}, [](std::size_t, const ScenarioResult&) {});
  EXPECT_THAT(finished.results, SizeIs(1));
  return finished.results.at(0);
}

TEST(Ipv6SwitchedOffTest, AScenarioThatNeedsItIsSkippedWithTheReason) {
  in_own_network([] {
    sh(kOff);
    const auto result = only_result("127.0.0.1:7788", R"({"listen": "desk", "at": "[::1]:0"})",
                                    R"("needs": ["ipv6_host"],)");
    EXPECT_EQ(result.verdict, Verdict::kSkip);
    EXPECT_THAT(result.problem.message, HasSubstr("'ipv6_host'"));
  });
}

TEST(Ipv6SwitchedOffTest, AListenerOfTheHarnessIsOurOwnTroubleAndSaysWhy) {
  in_own_network([] {
    sh(kOff);
    const auto result = only_result("127.0.0.1:7788", R"({"listen": "desk", "at": "[::1]:0"})");
    EXPECT_EQ(result.verdict, Verdict::kError);
    EXPECT_THAT(result.problem.message, HasSubstr("IPv6 is switched off on this host"));
  });
}

// The table of sockets shows no listener there, which would look like the target's failure.
TEST(Ipv6SwitchedOffTest, ATargetAtAnAddressThatNobodyCanHaveIsNoFailure) {
  in_own_network([] {
    sh(kOff);
    for (const auto* steps :
         {R"({"expect_socket": "target", "state": "LISTEN", "within": "100ms"})",
          R"({"connect": "c"})", R"({"connect": "c", "outcome": "refused"})"}) {
      const auto result = only_result("[::1]:7788", steps);
      EXPECT_EQ(result.verdict, Verdict::kError) << steps;
      EXPECT_THAT(result.problem.message,
                  HasSubstr("the target cannot be at [::1]:7788: IPv6 is switched off"));
    }
  });
}

}  // namespace
}  // namespace dialtone
