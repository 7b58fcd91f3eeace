#include "harness/steps/send_varied.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <thread>
#include <vector>

#include "harness/model/scenario.hpp"
#include "harness/runner/run_scenario.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::SizeIs;

/// The suite's only scenario under a variant; `blind`: the kernel does not show its sockets.
ScenarioResult run_varied(VariedRun& varied, const Script& script, std::string_view steps,
                          bool blind = false) {
  const auto suite = suite_of(steps);
  ScenarioLoop loop;
  PeerListener listener;
  const auto target = target_at(listener.address());
  std::jthread played([&] {
    auto peer = listener.accept();
    script(peer, loop);
  });
  const Surroundings surroundings{&loop.loop(), target.get(), blind ? nullptr : loop.socket_table(),
                                  1.0};
  ScenarioResult result;
  const auto whole = [&]() -> Task<> {
    PlannedScenario planned{suite, &suite->scenarios.front(), 1, std::nullopt};
    result = co_await run_scenario(surroundings, std::move(planned), "127.0.0.1", &varied);
  };
  loop.run(whole());
  return result;
}

std::vector<std::string> sent_in(const ScenarioResult& result) {
  std::vector<std::string> pieces;
  for (const auto& event : result.transcript) {
    if (const auto* sent = std::get_if<Sent>(&event.kind)) pieces.push_back(sent->bytes);
  }
  return pieces;
}

/// Reads so much, answers, and waits for the end.
Script answering(std::size_t octets, std::string reply = "ok") {
  return [=](PeerSocket& peer, ScenarioLoop&) {
    peer.receive(octets);
    peer.send(reply);
    peer.await_end();
  };
}

constexpr std::string_view kAsk =
    R"({"connect": "c"}, {"send": "abc"}, {"expect": "ok"}, {"close": "c"})";

TEST(SendVariedTest, TheWholeRunNotesItsSends) {
  VariedRun varied;
  const auto result = run_varied(varied, answering(3), kAsk);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(varied.sends,
              ElementsAre(testing::AllOf(Field(&SeenSend::octets, 3U), Field(&SeenSend::label, "2"),
                                         Field(&SeenSend::connection, "c"))));
}

TEST(SendVariedTest, EachOctetIsASegmentOfItsOwn) {
  VariedRun varied{.variant = {.kind = Variant::Kind::kOctets}};
  const auto result = run_varied(varied, answering(3), kAsk);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(sent_in(result), ElementsAre("a", "b", "c"));
  EXPECT_FALSE(varied.unshown);
}

TEST(SendVariedTest, WhatAStepCutsItselfStaysAsItIs) {
  VariedRun varied{.variant = {.kind = Variant::Kind::kOctets}};
  const auto result = run_varied(
      varied, answering(4),
      R"({"connect": "c"}, {"send": "abcd", "split": 3}, {"expect": "ok"}, {"close": "c"})");
  EXPECT_THAT(sent_in(result), ElementsAre("abc", "d"));
  EXPECT_THAT(varied.sends, SizeIs(0));
}

// Whole, nobody asks whether the peer reads: a variant must not ask for more.
TEST(SendVariedTest, APeerThatDoesNotReadIsNoFailureAndGetsEachPieceByItself) {
  VariedRun varied{.variant = {.kind = Variant::Kind::kOctets}};
  const auto result = run_varied(
      varied, [](PeerSocket&, ScenarioLoop& loop) { loop.await_end(); },
      R"({"connect": "c"}, {"send": "abc"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(sent_in(result), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(varied.unshown);
}

TEST(SendVariedTest, WhatFailsAfterPiecesThatArrivedAndWereNotReadIsAVerdict) {
  VariedRun varied{.variant = {.kind = Variant::Kind::kOctets}};
  const auto result = run_varied(
      varied, [](PeerSocket&, ScenarioLoop& loop) { loop.await_end(); },
      R"({"connect": "c"}, {"send": "abc"}, {"expect": "ok", "within": "300ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
}

// The window that the peer's kernel offers is full.
TEST(SendVariedTest, APieceThatDoesNotArriveIsNoFailureAndTheRestGoesOutWhole) {
  VariedRun varied{.variant = {.kind = Variant::Kind::kHalves}};
  const auto result = run_varied(
      varied,
      [](PeerSocket& peer, ScenarioLoop& loop) {
        const int small = 4096;
        ::setsockopt(peer.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        loop.await_end();
      },
      R"({"connect": "c"}, {"send": {"repeat": "x", "times": 800000}}, {"expect": "ok", "within": "200ms"})");
  EXPECT_EQ(outcome_of(result), "error SplitNotShown");
  EXPECT_TRUE(varied.unshown);
}

TEST(SendVariedTest, WhatFailsAfterASplitThatWasNotShownIsNoVerdict) {
  VariedRun varied{.variant = {.kind = Variant::Kind::kOctets}};
  const auto result = run_varied(varied, answering(3, "no"), kAsk, true);
  EXPECT_EQ(outcome_of(result), "error SplitNotShown");
  EXPECT_TRUE(varied.unshown);
}

TEST(SendVariedTest, ASlowReaderReadsAFewOctetsAtATimeAndAll) {
  VariedRun varied{.variant = {.kind = Variant::Kind::kSlowReader}};
  const auto result = run_varied(
      varied, answering(3, "0123456789abcdef"),
      R"({"connect": "c"}, {"send": "abc"}, {"expect": "0123456789abcdef"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  std::vector<std::size_t> reads;
  for (const auto& event : result.transcript) {
    if (const auto* got = std::get_if<Received>(&event.kind)) reads.push_back(got->bytes.size());
  }
  EXPECT_THAT(reads, ElementsAre(7, 7, 2));
}

}  // namespace
}  // namespace dialtone
