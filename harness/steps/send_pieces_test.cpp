#include "harness/steps/send_pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "harness/model/scenario.hpp"
#include "harness/runner/run_scenario.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StrEq;

TEST(PiecesOfTest, ArePartsBetweenTheCuts) {
  EXPECT_THAT(pieces_of("abcdef", std::vector<std::size_t>{1, 4}), ElementsAre("a", "bcd", "ef"));
  EXPECT_THAT(pieces_of("abc", std::vector<std::size_t>()), ElementsAre("abc"));
  EXPECT_THAT(pieces_of("abc", std::nullopt), ElementsAre("a", "b", "c"));
}

TEST(PiecesOfTest, PlacesOutsideOrTwiceCutNothing) {
  EXPECT_THAT(pieces_of("abc", std::vector<std::size_t>{0, 2, 2, 3, 9}), ElementsAre("ab", "c"));
  EXPECT_THAT(pieces_of("", std::vector<std::size_t>{1}), ElementsAre(""));
}

TEST(NoSuchCutTest, ACutLeavesSomethingOnBothSides) {
  using Places = std::vector<std::size_t>;
  EXPECT_EQ(no_such_cut(Places{1, 2}, 3), std::nullopt);
  EXPECT_EQ(no_such_cut(Places{}, 0), std::nullopt);
  EXPECT_EQ(no_such_cut(std::nullopt, 1), std::nullopt);
  EXPECT_EQ(no_such_cut(Places{1}, 1), std::nullopt);  // as each_cut has it
  EXPECT_EQ(no_such_cut(Places{1, 3}, 3), "a cut behind octet 3, but only 3 octets are sent");
  EXPECT_EQ(no_such_cut(Places{5}, 1), "a cut behind octet 5, but only 1 octet is sent");
  EXPECT_EQ(no_such_cut(Places{1}, 0), "a cut behind octet 1, but only 0 octets are sent");
}

TEST(SendPiecesTest, ACutThatCannotBeMadeIsAMistakeWhereTheSizeIsKnown) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "hi", "split": 5})"),
              HasSubstr("a cut behind octet 5, but only 2 octets are sent"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "hi", "split": [1, 2]})"),
              HasSubstr("a cut behind octet 2"));
  EXPECT_EQ(mistakes_of(R"({"connect": "c"}, {"send": "hi", "split": 1})"), "");
}

TEST(SendPiecesTest, ACutThatCannotBeMadeIsNoPassWhereOnlyTheRunKnowsTheSize) {
  const auto result =
      run_against([](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
                  R"({"connect": "c"}, {"send": "${c.port}", "split": 100}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "error NoSuchCut");
}

/// What each recv of the peer gave, until so many octets had come.
std::vector<std::string> reads_of(PeerSocket& peer, std::size_t octets) {
  std::vector<std::string> reads;
  for (std::size_t got = 0; got < octets;) {
    std::array<char, 64> room;
    const auto count = ::recv(peer.fd(), room.data(), room.size(), 0);
    if (count <= 0) throw std::runtime_error("the harness ended");
    reads.emplace_back(room.data(), static_cast<std::size_t>(count));
    got += static_cast<std::size_t>(count);
  }
  return reads;
}

std::vector<std::string> reads_of_steps(std::size_t octets, std::string_view steps) {
  std::vector<std::string> reads;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) {
        // Late: pieces that do not wait for their reader would be read as one.
        std::this_thread::sleep_for(milliseconds(30));
        reads = reads_of(peer, octets);
        peer.await_end();
      },
      steps);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  return reads;
}

TEST(SendPiecesTest, EachPieceIsReadByItself) {
  EXPECT_THAT(
      reads_of_steps(6, R"({"connect": "c"}, {"send": "abcdef", "split": [1, 4]}, {"close": "c"})"),
      ElementsAre("a", "bcd", "ef"));
  EXPECT_THAT(
      reads_of_steps(3, R"({"connect": "c"}, {"send": "abc", "split": "octets"}, {"close": "c"})"),
      ElementsAre("a", "b", "c"));
  EXPECT_THAT(reads_of_steps(3, R"({"connect": "c"}, {"send": "abc", "split": 2}, {"close": "c"})"),
              ElementsAre("ab", "c"));
}

TEST(SendPiecesTest, ACutMayLieInsideACharacter) {
  EXPECT_THAT(reads_of_steps(3, R"({"connect": "c"}, {"send": "你", "split": 1}, {"close": "c"})"),
              ElementsAre("\xe4", "\xbd\xa0"));
}

// The kernel no longer shows the socket of a peer that is gone: that hides nothing, it ended.
TEST(SendPiecesTest, APeerThatEndsMeanwhileIsJudgedAsEverywhere) {
  const auto by_reset = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(1);
        peer.reset();
      },
      R"({"connect": "c"}, {"send": "abc", "split": "octets"}, {"expect_eof": "c"})");
  EXPECT_THAT(outcome_of(by_reset), testing::AnyOf("fail SendFailed", "fail Reset"));
  const auto by_close = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(1);
        peer.close();
      },
      R"({"connect": "c"}, {"send": "ab", "split": 1}, {"expect": "x"})");
  EXPECT_THAT(outcome_of(by_close), testing::StartsWith("fail "));
}

/// The same scenario where the kernel does not show its sockets.
ScenarioResult run_blind(const Script& script, std::string_view steps) {
  const auto suite = suite_of(steps);
  ScenarioLoop loop;
  PeerListener listener;
  const auto target = target_at(listener.address());
  std::jthread played([&] {
    auto peer = listener.accept();
    script(peer, loop);
  });
  const Surroundings surroundings{&loop.loop(), target.get(), nullptr, 1.0};
  ScenarioResult result;
  const auto whole = [&]() -> Task<> {
    PlannedScenario planned{suite, &suite->scenarios.front(), 1, std::nullopt};
    result = co_await run_scenario(surroundings, std::move(planned), "127.0.0.1");
  };
  loop.run(whole());
  return result;
}

TEST(SendPiecesTest, WhereTheReaderCannotBeSeenTheGapPasses) {
  const auto begin = Clock::now();
  const auto result = run_blind(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(3);
        peer.send("ok");
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "abc", "split": "octets", "gap": "20ms"}, {"expect": "ok"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_GE(Clock::now() - begin, milliseconds(40));
}

TEST(SendPiecesTest, WhatFailsAfterASplitThatWasNotShownIsNoVerdict) {
  const auto result = run_blind(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        peer.send("no");
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "ab", "split": 1, "gap": "1ms"}, {"expect": "ok"})");
  EXPECT_EQ(outcome_of(result), "error SplitNotShown");
  EXPECT_THAT(result.problem.message,
              HasSubstr("octets differ at offset 0; but the kernel does not show"));
}

TEST(SendPiecesTest, OnePieceNeedsNoBarrier) {
  const auto result = run_blind(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        peer.send("no");
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "ab", "split": []}, {"expect": "ok"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

TEST(SendUrgentTest, TheLastOctetIsUrgent) {
  std::string in_line;
  char urgent = 0;
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) {
        in_line = peer.receive(2);
        while (::recv(peer.fd(), &urgent, 1, MSG_OOB) < 0) std::this_thread::yield();
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "ab!", "urgent": true}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(in_line, "ab");
  EXPECT_EQ(urgent, '!');
}

TEST(SendUrgentTest, ThereIsAnOctetToBeUrgent) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "", "urgent": true})"),
              StrEq("test.json:1:115: there is no octet to be urgent\n  hint: MSG_OOB makes the "
                    "last octet urgent\n"));
  EXPECT_EQ(mistakes_of(R"({"connect": "c"}, {"send": ""})"), "");
  EXPECT_EQ(mistakes_of(R"({"connect": "c"}, {"send": "", "urgent": false})"), "");
  EXPECT_EQ(outcome_of(run_against(
                [](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
                R"({"connect": "c"}, {"set": "v", "to": ""}, {"send": "${v}", "urgent": true})")),
            "error NothingUrgent");
}

TEST(SendUrgentTest, IsNotSplit) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "ab", "urgent": true, "split": 1})"),
              StrEq("test.json:1:117: 'urgent' and 'split' exclude each other\n"));
  EXPECT_EQ(mistakes_of(R"({"connect": "c"}, {"send": "ab", "urgent": false, "split": 1})"), "");
}

TEST(SendGroupTest, GoesToEachAndNamesTheOneThatFails) {
  const auto suite = suite_of(R"({"connect": "c", "count": 2}, {"send": "hi", "on": "c.*"},
      {"expect": "hi", "on": ["c.*"]}, {"shutdown": "c.*"}, {"expect_eof": "c.*"})");
  ScenarioLoop loop;
  PeerListener listener;
  const auto target = target_at(listener.address());
  std::jthread played([&] {
    auto one = listener.accept();
    auto two = listener.accept();
    one.send(one.receive(2));
    two.send(two.receive(2));
    one.await_end();
    two.await_end();
    one.close();
    two.send("x");
    two.close();
  });
  const auto result = loop.run(suite, *target);
  EXPECT_EQ(outcome_of(result), "fail UnexpectedData");
  EXPECT_THAT(result.problem.message, HasSubstr("on 'c.2': "));
}

TEST(SendGroupTest, MistakesNameTheGroup) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "x", "on": "c.*"})"),
              StrEq("test.json:1:112: there is no 'c.*'\n  hint: a step with \"count\" makes "
                    "several: { \"connect\": \"c\", \"count\": 3 }\n"));
  EXPECT_THAT(
      mistakes_of(R"({"connect": "c", "count": 2}, {"close": "c.2"}, {"send": "x", "on": "c.*"})"),
      HasSubstr("one of 'c.*' was closed by an earlier step"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "count": 2}, {"send": "x", "on": ["c.*", "c.1"]})"),
              HasSubstr("'c.1' stands twice in this list"));
  EXPECT_THAT(
      mistakes_of(
          R"({"connect": "c", "count": 12}, {"round_trips": 10, "request": "x", "reply": "y", "median": "1s", "on": "c.*"})"),
      HasSubstr("'on' takes one connection, not several"));
}

// Fewer of the same name: the group has only these.
TEST(SendGroupTest, AGroupMayBeMadeAnew) {
  EXPECT_EQ(
      mistakes_of(
          R"({"connect": "c", "count": 3}, {"close": "c.*"}, {"connect": "c", "count": 2}, {"send": "x", "on": "c.*"})"),
      "");
}

}  // namespace
}  // namespace dialtone
