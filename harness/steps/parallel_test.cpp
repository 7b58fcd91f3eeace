#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "harness/model/scenario.hpp"
#include "harness/runner/run_scenario.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::StrEq;

/// Runs steps against a peer that accepts two connections, in the order of their connects.
ScenarioResult run_with_two(const std::function<void(PeerSocket&, PeerSocket&)>& script,
                            std::string_view steps) {
  const auto suite = suite_of(steps);
  return unless_too_busy([&] {
    ScenarioLoop loop;
    PeerListener listener;
    const auto target = target_at(listener.address());
    const std::jthread played([&] {
      auto one = listener.accept();
      auto two = listener.accept();
      script(one, two);
    });
    return loop.run(suite, *target);
  });
}

// Each branch needs what the peer does only when the other one has gone on.
TEST(ParallelTest, BranchesRunSideBySide) {
  const auto result = run_with_two(
      [](PeerSocket& one, PeerSocket& two) {
        two.receive(1);
        one.send("a");
        one.receive(1);
        two.send("b");
      },
      R"({"connect": "x"}, {"connect": "y"},
         {"parallel": [[{"expect": "a", "on": "x"}, {"send": "2", "on": "x"}],
                       [{"send": "1", "on": "y"}, {"expect": "b", "on": "y"}]]})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ParallelTest, TheFirstFailureIsToldWithItsStep) {
  const auto result = run_with_two(
      [](PeerSocket& one, PeerSocket& two) {
        two.send("wrong");
        two.await_end();
        one.await_end();
      },
      R"({"connect": "x"}, {"connect": "y"},
         {"parallel": [[{"expect": "a", "on": "x", "within": "300ms"}],
                       [{"pause": "1ms"}, {"expect": "b", "on": "y"}]]})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
  EXPECT_THAT(result.problem.message, StartsWith(R"(3.2.2 ({"expect": "b", "on": "y"}): )"));
  EXPECT_EQ(result.failed_step, 2);
  EXPECT_EQ(result.problem.step, R"({"expect": "b", "on": "y"})");
  EXPECT_EQ(to_string(result.where), "test.json:3:43");
}

TEST(ParallelTest, OfBranchesInBranchesTheInnermostStepIsTold) {
  const auto result = run_with_two(
      [](PeerSocket& one, PeerSocket& two) {
        two.send("wrong");
        two.await_end();
        one.await_end();
      },
      R"({"connect": "x"}, {"connect": "y"},
         {"parallel": [[{"pause": "1ms"}],
                       [{"parallel": [[{"pause": "1ms"}], [{"expect": "b", "on": "y"}]]}]]})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
  EXPECT_EQ(result.problem.step, R"({"expect": "b", "on": "y"})");
}

TEST(ParallelTest, ItWaitsForTheOthersAfterAFailure) {
  const auto result = run_with_two(
      [](PeerSocket& one, PeerSocket& two) {
        two.close();
        one.receive(1);
        one.send("a");
      },
      R"({"connect": "x"}, {"connect": "y"},
         {"parallel": [[{"pause": "20ms"}, {"send": "1", "on": "x"}, {"expect": "a", "on": "x"}],
                       [{"expect": "b", "on": "y"}]]})");
  EXPECT_THAT(outcome_of(result), StartsWith("fail "));
  bool heard = false;
  for (const auto& event : result.transcript)
    heard |= event.connection == "x" && std::holds_alternative<Received>(event.kind);
  EXPECT_TRUE(heard);
}

TEST(ParallelTest, ConnectionsOfABranchAreKnownAfterIt) {
  const auto result = run_with_two(
      [](PeerSocket& one, PeerSocket& two) {
        one.await_end();
        two.await_end();
      },
      R"({"parallel": [[{"connect": "x"}], [{"connect": "y"}]]}, {"close": ["x", "y"]})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ParallelTest, LabelsNameTheBranchAndTheStep) {
  const auto suite = suite_of(
      R"({"parallel": [[{"pause": "1ms"}], [{"pause": "2ms"}, {"repeat": 1, "steps": [{"connect": "c"}]}]]})");
  EXPECT_EQ(suite->scenarios.front().steps.front().label, "1");
}

TEST(ParallelTest, BranchesShareNoConnection) {
  const auto hint =
      "  hint: only one of them can wait for it; steps that follow each other belong into one "
      "branch\n";
  EXPECT_THAT(
      mistakes_of(R"({"connect": "c"}, {"parallel": [[{"send": "x"}], [{"expect": "y"}]]})"),
      StrEq(std::string("test.json:1:123: an earlier branch uses 'c' too\n") + hint));
  EXPECT_THAT(
      mistakes_of(
          R"({"connect": "c", "count": 2}, {"parallel": [[{"send": "x", "on": "c.2"}], [{"pause": "1ms"}], [{"close": "c.*"}]]})"),
      HasSubstr("an earlier branch uses 'c.2' too"));
  EXPECT_THAT(mistakes_of(R"({"parallel": [[{"connect": "c"}], [{"connect": "c"}]]})"),
              HasSubstr("an earlier branch uses 'c' too"));
  EXPECT_THAT(
      mistakes_of(
          R"({"listen": "l"}, {"parallel": [[{"accept": "a", "on": "l"}], [{"accept": "b", "on": "l"}]]})"),
      HasSubstr("an earlier branch uses 'l' too"));
}

TEST(ParallelTest, WhatWasUsedBeforeDoesNotCount) {
  EXPECT_EQ(
      mistakes_of(
          R"({"connect": "c"}, {"send": "1"}, {"connect": "d"}, {"send": "2", "on": "d"}, {"parallel": [[{"send": "x", "on": "c"}], [{"expect": "y", "on": "d"}]]}, {"close": ["c", "d"]})"),
      "");
}

TEST(ParallelTest, LookingAtAConnectionIsNoUse) {
  EXPECT_EQ(
      mistakes_of(
          R"({"connect": "c"}, {"parallel": [[{"send": "x"}], [{"expect_socket": "c", "state": "ESTABLISHED"}]]})"),
      "");
}

TEST(ParallelTest, ABranchDoesNotKnowWhatAnotherOneMakes) {
  EXPECT_THAT(mistakes_of(R"({"parallel": [[{"connect": "c"}], [{"send": "x", "on": "c"}]]})"),
              HasSubstr("unknown connection 'c'"));
  EXPECT_THAT(
      mistakes_of(
          R"({"connect": "c"}, {"parallel": [[{"set": "v", "to": "1"}], [{"send": "${v}"}]]})"),
      HasSubstr("unknown variable 'v'"));
}

TEST(ParallelTest, ClosedInABranchIsClosedAfterIt) {
  EXPECT_THAT(
      mistakes_of(
          R"({"connect": "c"}, {"connect": "d"}, {"parallel": [[{"close": "c"}], [{"send": "x", "on": "d"}]]}, {"send": "x", "on": "c"})"),
      HasSubstr("'c' was closed by an earlier step"));
}

TEST(ParallelTest, OneBranchOrAnEmptyOneIsAMistake) {
  EXPECT_THAT(mistakes_of(R"({"parallel": [[{"pause": "1ms"}]]})"),
              StrEq("test.json:1:87: 'parallel' has one branch only\n"
                    "  hint: two lists at least: [[{ ... }], [{ ... }]]\n"));
  EXPECT_THAT(mistakes_of(R"({"parallel": [[{"pause": "1ms"}], []]})"),
              StrEq("test.json:1:108: a branch is empty\n  hint: it would do nothing\n"));
  EXPECT_THAT(mistakes_of(R"({"parallel": []})"), HasSubstr("'parallel' is empty"));
  EXPECT_THAT(mistakes_of(R"({"parallel": [[{"pause": "1ms"}], {"pause": "1ms"}]})"),
              HasSubstr("a branch must be an array, but is an object"));
}

// What run_all does on SIGINT: the loop ends while branches wait. The address sanitizer watches.
TEST(ParallelTest, ARunThatEndsEarlyLeavesNothingBehind) {
  const auto suite = suite_of(
      R"({"connect": "x"}, {"connect": "y"}, {"connect": "z"}, {"listen": "l"},
         {"parallel": [[{"send": "1", "on": "x"}, {"expect": "never", "on": "x"}],
                       [{"send": "2", "on": "y"}, {"expect_eof": "y"}],
                       [{"send": {"repeat": "0123456789abcdef", "times": 3000000}, "on": "z"}],
                       [{"pause": "20s"}], [{"accept": "a", "on": "l"}]]})");
  const int before = open_descriptors();
  {
    PeerListener listener;
    const auto target = target_at(listener.address());
    std::atomic<bool> all_wait = false;
    std::jthread played([&] {
      auto x = listener.accept();
      auto y = listener.accept();
      auto z = listener.accept();
      x.receive(1);
      y.receive(1);
      z.receive(1);
      all_wait = true;
      x.await_end();
    });
    auto table = SocketTable::open();
    std::optional<Loop> loop;  // outlives the context, as in run_all
    asio::io_context context;
    loop.emplace(context);
    const Surroundings surroundings{&*loop, target.get(), &table.value(), 1.0};
    bool over = false;
    PlannedScenario planned{suite, &suite->scenarios.front(), 1, std::nullopt};
    asio::co_spawn(loop->executor(), run_scenario(surroundings, std::move(planned), "127.0.0.1"),
                   [&](const std::exception_ptr&, const ScenarioResult&) { over = true; });
    while (!all_wait) context.run_one_for(milliseconds(10));
    context.poll();
    EXPECT_FALSE(over);
    loop->shutdown();
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace dialtone
