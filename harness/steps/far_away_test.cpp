#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "harness/model/event.hpp"
#include "harness/net/namespace_test_support.hpp"
#include "harness/net/slow_link_test_support.hpp"
#include "harness/steps/step_test_support.hpp"

/// HAR-12 and HAR-13 where the way to the server takes time.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::MatchesRegex;

/// Against a server at the far end of a link on which a round trip takes 120 ms.
ScenarioResult run_far_away(const Script& server, const std::string& steps) {
  const SlowLink link(milliseconds(60));
  PeerListener listener(8, SocketAddress::parse(fmt::format("{}:0", SlowLink::kHere)).value());
  const auto far = fmt::format("{}:{}", SlowLink::kFar, listener.address().port());
  const auto target = target_at(SocketAddress::parse(far).value());
  return unless_too_busy([&] {
    ScenarioLoop loop;
    std::thread peer([&] {
      auto socket = listener.accept();
      server(socket, loop);
    });
    auto result = loop.run(suite_of(steps), *target);
    peer.join();
    return result;
  });
}

std::vector<std::string> notes_of(const ScenarioResult& result) {
  std::vector<std::string> texts;
  for (const auto& event : result.transcript) texts.push_back(describe(event.kind));
  return texts;
}

TEST(Har12, AWindowIsNeverShorterThanFourRoundTrips) {
  in_own_network([] {
    const auto result = run_far_away([](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
                                     R"({"connect": "c"}, {"expect_silence": "20ms"})");
    EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
    const auto notes = notes_of(result);
    EXPECT_THAT(notes, Contains(MatchesRegex("a round trip takes [0-9]+ ms: silence is watched for "
                                             "4 of them, in place of 20ms")));
    EXPECT_THAT(notes, Contains(MatchesRegex("quiet for [0-9]+ms")));
  });
}

// It answers as soon as it has heard us: that is here after one round trip, long after the 20 ms.
TEST(Har12, WhatAServerFarAwaySaysAtOnceIsSeen) {
  in_own_network([] {
    const auto result = run_far_away(
        [](PeerSocket& peer, ScenarioLoop&) {
          peer.receive(2);
          peer.send("surplus");
          peer.await_end();
        },
        R"({"connect": "c"}, {"send": "go"}, {"expect_silence": "20ms"})");
    EXPECT_EQ(outcome_of(result), "fail UnexpectedData") << result.problem.message;
  });
}

// It may have an idle limit that is shorter than four round trips.
TEST(Har12, AnEndAfterTheWindowThatWasAskedForGivesNoVerdict) {
  in_own_network([] {
    const auto result = run_far_away(
        [](PeerSocket& peer, ScenarioLoop&) {
          std::this_thread::sleep_for(milliseconds(200));  // its limit
          peer.close();
        },
        R"({"connect": "c"}, {"expect_silence": "20ms"})");
    EXPECT_EQ(outcome_of(result), "error TooFarAway") << result.problem.message;
  });
}

// The last connect has no time left, which says nothing of the server.
TEST(Har13FarAway, ARetryThatIsNeverRefusedSaysThatItWasConnected) {
  in_own_network([] {
    const SlowLink link(milliseconds(60));
    const PeerListener listener(64,
                                SocketAddress::parse(fmt::format("{}:0", SlowLink::kHere)).value());
    const auto far = fmt::format("{}:{}", SlowLink::kFar, listener.address().port());
    const auto target = target_at(SocketAddress::parse(far).value());
    const auto result = unless_too_busy([&] {
      ScenarioLoop loop;
      return loop.run(
          suite_of(R"({"connect": "c", "outcome": "refused", "retry": true, "within": "1s"})"),
          *target);
    });
    EXPECT_EQ(outcome_of(result), "fail ConnectOutcome");
    EXPECT_EQ(result.problem.actual, "connected");
  });
}

}  // namespace
}  // namespace dialtone
