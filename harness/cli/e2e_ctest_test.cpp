// What CTest is given of scenarios, and the exit code by which it knows a skip.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kPassing = R"({"id": "S-1", "steps": [{"connect": "c"}]})";
const std::string kSkipped =
    R"({"id": "S-2", "needs": ["pipelining"], "steps": [{"connect": "c"}]})";

class CtestTest : public testing::Test {
 protected:
  std::string suite(const std::string& scenarios, const std::string& name = "s") {
    return files_.write(name + ".json", suite_json("s", scenarios));
  }
  TemporaryDirectory files_;
  HeldPort port_{true};
  std::string target_ = "127.0.0.1:" + std::to_string(port_.port());
};

TEST_F(CtestTest, SkipCodeIsTheExitCodeWhereAllWasSkipped) {
  const auto file = suite(kPassing + ',' + kSkipped);
  const auto run = [&](const Words& more) {
    Words words{"run", file, "--target", target_};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words).exit_code;
  };
  EXPECT_EQ(run({"--filter", "S-2"}), 4);
  EXPECT_EQ(run({"--filter", "S-2", "--skip-code", "77"}), 77);
  EXPECT_EQ(run({"--filter", "S-2", "--skip-code", "0"}), 0);
  EXPECT_EQ(run({"--skip-code", "77"}), 0);
  EXPECT_EQ(run({"--filter", "none", "--skip-code", "77"}), 4);  // not skipped: not there
  EXPECT_EQ(run({"--skip-code", "256"}), 2);
}

TEST_F(CtestTest, ATestAScenario) {
  const auto file = suite(kPassing);
  const auto result = run_dialtone({"ctest", file, "--target", target_, "--prefix", "p.", "--label",
                                    "mine", "--property", "TIMEOUT=9", "--run-arg=--strict"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "add_test([[p.s/S-1]] [[" DIALTONE_BINARY "]] [[run]] [[" + file +
                "]] [[--filter]] [[S-1]] [[--skip-code]] [[77]] [[--target]] [[" + target_ +
                "]] [[--strict]])\n"
                "set_tests_properties([[p.s/S-1]] PROPERTIES SKIP_RETURN_CODE 77 LABELS "
                "[[s;MUST;mine]] [[TIMEOUT]] [[9]] [[RESOURCE_LOCK]] [[dialtone]])\n");
}

TEST_F(CtestTest, OnlyATargetOfOneClientAtATimeIsLocked) {
  const auto file = suite(kPassing);
  EXPECT_THAT(run_dialtone({"ctest", file}).out,
              AllOf(HasSubstr("add_test"), Not(HasSubstr("RESOURCE_LOCK"))));
  const auto launch = [&](const std::string& address) {
    const auto profile = files_.write(
        "p.json", R"({"address": ")" + address + R"(", "start": {"command": ["x", "${port}"]}})");
    return run_dialtone({"ctest", file, "--target", profile}).out;
  };
  EXPECT_THAT(launch("127.0.0.1:${port}"), Not(HasSubstr("RESOURCE_LOCK")));
  EXPECT_THAT(launch("127.0.0.1:7788"), HasSubstr("RESOURCE_LOCK"));
}

TEST_F(CtestTest, MistakesAreTold) {
  const auto file = suite(kPassing);
  const auto twin = suite(kPassing, "twin");
  EXPECT_EQ(run_dialtone({"ctest", file, "--property", "TIMEOUT"}).exit_code, 2);
  EXPECT_EQ(run_dialtone({"ctest", file, "--filter", "none"}).exit_code, 4);
  EXPECT_EQ(run_dialtone({"ctest", file + "x"}).exit_code, 2);
  const auto twice = run_dialtone({"ctest", file, twin});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("two scenarios would be the test 's/S-1'"));
  EXPECT_EQ(twice.out, "");
}

}  // namespace
}  // namespace dialtone
