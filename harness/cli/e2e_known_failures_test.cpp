// What a profile says that its server does not pass yet.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A port that listens accepts connects; K-2 expects what nobody says.
class KnownFailuresTest : public testing::Test {
 protected:
  std::string profile(const std::string& known) const {
    return dir_.write("profile.json", fmt::format(R"({{"address": "127.0.0.1:{}",
 "known_failures": {}}})",
                                                  server_.port(), known));
  }

  ProgramResult run(const std::string& known, Words more = {}) const {
    Words words{"run", suite_, "--target", profile(known)};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words);
  }

  TemporaryDirectory dir_;
  const HeldPort server_{true};
  const std::string suite_ = dir_.write("suite.json", suite_json("suite", R"(
    {"id": "K-1", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
    {"id": "K-2", "title": "t", "source": "s", "steps": [{"connect": "c"}, {"expect": "x", "within": "100ms"}]})"));
};

TEST_F(KnownFailuresTest, ANotedFailureIsNoFailureOfTheRun) {
  const auto result = run(R"({"K-2": "ticket 431"})");
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("known", result.out), std::set<std::string>{"K-2"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("known failure: ticket 431"),
                                HasSubstr("1 passed, 0 failed, 1 known to fail, 0 skipped")));
}

TEST_F(KnownFailuresTest, OneThatPassesFailsTheRunAndSaysWhereItStands) {
  const auto result = run(R"({"K-1": "ticket 7", "K-2": "ticket 431"})");
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("FAIL", result.out), std::set<std::string>{"K-1"});
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("it passed, but the profile says that it fails: ticket 7"),
                    HasSubstr("profile.json:2:28")));
}

TEST_F(KnownFailuresTest, AfterItsLastDayItFailsTheRun) {
  const auto result = run(R"({"K-2": {"reason": "ticket 431", "until": "2020-01-31"}})");
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("; known until 2020-01-31: ticket 431"));
}

TEST_F(KnownFailuresTest, UntilThenItDoesNot) {
  const auto result = run(R"({"K-2": {"reason": "ticket 431", "until": "9999-12-31"}})");
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
}

TEST_F(KnownFailuresTest, WhereAllThatRanIsKnownSomethingWasChecked) {
  const auto result = run(R"({"K-2": "ticket 431"})", {"--filter", "K-2"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(result.err, Not(HasSubstr("nothing was checked")));
}

TEST_F(KnownFailuresTest, TheReportForAServerCallsItSkipped) {
  const auto file = dir_.path("report.xml");
  const auto result = run(R"({"K-2": "ticket 431"})", {"--report", "junit=" + file});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  const auto report = read_text(file);
  EXPECT_THAT(report, AllOf(HasSubstr("<skipped message=\"known failure: ticket 431: "),
                            Not(HasSubstr("<failure"))));
}

TEST_F(KnownFailuresTest, AMistakeInThemIsOneOfTheProfile) {
  const auto result = run(R"({"K-2": {"until": "tomorrow"}})");
  EXPECT_EQ(result.exit_code, 2) << result.how << result.out << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("profile.json:2:28: known failure 'K-2' has no reason"),
                                HasSubstr("'until' must be a day")));
}

}  // namespace
}  // namespace dialtone
