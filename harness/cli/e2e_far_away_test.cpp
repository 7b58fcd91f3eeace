// A server on another host: what no table of sockets shows, and what takes longer.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "harness/cli/e2e_support.hpp"
#include "harness/net/namespace_test_support.hpp"
#include "harness/net/slow_link_test_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

constexpr auto* kQuiet = R"({"suite": "s", "scenarios": [
    {"id": "Q-1", "steps": [{"connect": "c"}, {"expect_silence": "${quiet}"}]}]})";

// HAR-12. Nobody accepts, and so nobody speaks.
TEST(FarAwayTest, SilenceIsWatchedForHalfASecond) {
  in_own_network([] {
    const SlowLink link(std::chrono::milliseconds(5));
    const auto listener = listen_at(fmt::format("{}:7788", SlowLink::kHere));
    const TemporaryDirectory dir;
    const auto suite = dir.write("suite.json", kQuiet);
    const auto target = fmt::format("{}:7788", SlowLink::kFar);
    EXPECT_THAT(run_dialtone({"run", suite, "--target", target, "-v"}).out,
                HasSubstr("quiet for 500ms"));
    EXPECT_THAT(run_dialtone({"run", suite, "--target", target, "-v", "--var", "quiet=300ms"}).out,
                HasSubstr("quiet for 300ms"));
  });
}

TEST(FarAwayTest, OnThisHostAFifthOfASecondIsEnough) {
  in_own_network([] {
    const auto listener = listen_at("127.0.0.1:7788");
    const TemporaryDirectory dir;
    EXPECT_THAT(
        run_dialtone({"run", dir.write("suite.json", kQuiet), "--target", "127.0.0.1:7788", "-v"})
            .out,
        HasSubstr("quiet for 200ms"));
  });
}

}  // namespace
}  // namespace dialtone
