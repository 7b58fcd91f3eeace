// A server that listens on IPv6 is checked like any other, from a source port that it sees too.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {
namespace {

using testing::IsEmpty;
using testing::IsSupersetOf;

class Ipv6ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto trouble = family_trouble(*SocketAddress::from_host("::1", 0));
    if (trouble) GTEST_SKIP() << *trouble;
  }

  /// The article's suite against `dialtone serve` on [::1].
  ProgramResult run() {
    const auto profile = dir_.write(
        "profile.json",
        fmt::format(R"({{"address": "[::1]:${{port}}", "provides": ["request_reply", "loop"],
                        "start": {{"command": ["{}", "serve", "--bind", "::1", "--port",
                        "${{port}}"], "ready_within": "30s"}}}})",
                    DIALTONE_BINARY));
    return run_dialtone({"run", kArticle, "--target", profile});
  }

  TemporaryDirectory dir_;
};

TEST_F(Ipv6ServerTest, OfTheArticlePassesAndSeesTheBoundPort) {
  const auto result = run();
  EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("pass", result.out), IsSupersetOf({"ART-01", "ART-31", "ART-34"}));
}

}  // namespace
}  // namespace dialtone
