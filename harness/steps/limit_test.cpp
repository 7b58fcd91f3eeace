#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// At each signal the program opens one more, and prints whether it could.
constexpr auto kOpener = R"(import os, signal, sys
def act(*_):
    try:
        os.open('/dev/null', os.O_RDONLY)
        print('opened.', flush=True)
    except OSError as error:
        print('errno %d.' % error.errno, flush=True)
signal.signal(signal.SIGUSR1, act)
print('up.', flush=True)
while True:
    signal.pause()
)";

constexpr auto kOpened = R"({"signal": "SIGUSR1", "to": "p"},
                            {"expect_output": "p", "contains": "opened."})";
constexpr auto kRefused = R"({"signal": "SIGUSR1", "to": "p"},
                             {"expect_output": "p", "contains": "errno 24."})";

ScenarioResult run_opener(std::string_view steps) {
  const auto target =
      target_at(SocketAddress::loopback_ipv4(1), {"/usr/bin/python3", "-c", kOpener});
  ScenarioLoop loop;
  return loop.run(
      suite_of(fmt::format(R"({{"spawn": "p"}}, {{"expect_output": "p", "contains": "up."}}, {})",
                           steps)),
      *target);
}

TEST(LimitTest, BeyondTheLimitNothingIsOpened) {
  const auto result =
      run_opener(fmt::format(R"({{"limit": "p", "descriptors": "used"}}, {})", kRefused));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(LimitTest, RoomForOneMoreIsRoomForOne) {
  const auto result = run_opener(
      fmt::format(R"({{"limit": "p", "descriptors": "used+1"}}, {}, {})", kOpened, kRefused));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(LimitTest, ANumberIsTheLimitItself) {
  const auto result =
      run_opener(fmt::format(R"({{"limit": "p", "descriptors": "3"}}, {})", kRefused));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(LimitTest, WhatWasLoweredComesBack) {
  const auto result = run_opener(fmt::format(
      R"({{"limit": "p", "descriptors": "used"}}, {}, {{"limit": "p", "restore": true}}, {})",
      kRefused, kOpened));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(LimitTest, WhatCannotBeLimitedIsNoFailure) {
  EXPECT_EQ(outcome_of(run_alone(R"({"limit": "target", "descriptors": "used+2"})")),
            "error NoProcess");
  const auto ended = run_opener(
      R"({"signal": "SIGKILL", "to": "p"}, {"expect_exit": "p", "by_signal": "SIGKILL"},
         {"limit": "p", "descriptors": "used+2"})");
  EXPECT_EQ(outcome_of(ended), "error CannotLimit");
}

TEST(LimitTest, OneOfTheTwoIsSaid) {
  for (const auto* step : {R"({"limit": "target"})", R"({"limit": "target", "restore": false})",
                           R"({"limit": "target", "restore": true, "descriptors": "9"})"}) {
    EXPECT_THAT(mistakes_of(step), HasSubstr("either 'descriptors' or 'restore'")) << step;
  }
}

TEST(LimitTest, WhatIsNoNumberIsAMistake) {
  for (const auto* number : {"many", "used-1", "used +1", "-1", ""}) {
    EXPECT_THAT(mistakes_of(fmt::format(R"({{"limit": "target", "descriptors": "{}"}})", number)),
                HasSubstr("is no number of descriptors"))
        << number;
  }
}

TEST(LimitTest, NeedsATargetOfTheScenariosOwn) {
  EXPECT_THAT(suite_of(R"({"limit": "target", "descriptors": "used"})")->scenarios[0].needs,
              Contains("process_control"));
}

}  // namespace
}  // namespace dialtone
