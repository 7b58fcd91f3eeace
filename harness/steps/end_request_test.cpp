#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "harness/model/load_suite.hpp"
#include "harness/steps/registry.hpp"
#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

std::shared_ptr<const Suite> suite_for(const std::string& steps, std::optional<Framing> framing) {
  Diagnostics diagnostics;
  auto suite = load_suite(
      "s.json",
      R"({"suite": "s", "scenarios": [{"id": "S-1", "title": "t", "steps": [)" + steps + "]}]}",
      {step_registry(), {}, {}, std::move(framing)}, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << render(diagnostics.front());
  return suite;
}

/// The peer answers at the end of our direction, or, where that is left open, what came first.
std::string outcome_with(std::optional<Framing> framing, bool peer_awaits_fin,
                         const std::string& more = {}) {
  const auto suite = suite_for(R"({"connect": "c"}, {"send": "hi"}, {"end_request": "c"},
                                  {"expect": "yes", "within": "20s"})" +
                                   more,
                               std::move(framing));
  ScenarioLoop loop;
  PeerListener listener;
  const auto target = target_at(listener.address());
  auto played = std::async(std::launch::async, [&] {
    auto peer = listener.accept();
    EXPECT_EQ(peer.receive(2), "hi");
    if (peer_awaits_fin) {
      EXPECT_EQ(peer.await_end(), "FIN");
    }
    peer.send("yes");
    if (!peer_awaits_fin) {
      EXPECT_EQ(peer.receive(5), "again");
    }
  });
  const auto result = loop.run(suite, *target);
  played.get();
  return outcome_of(result);
}

TEST(EndRequestTest, UnderUntilEofOurDirectionEnds) {
  EXPECT_EQ(outcome_with(UntilEofFraming{}, true), "pass");
}

TEST(EndRequestTest, UnderOtherFramingsTheConnectionGoesOn) {
  const std::string more = R"(, {"send": "again"})";
  EXPECT_EQ(outcome_with(DelimiterFraming{"\n"}, false, more), "pass");
  EXPECT_EQ(outcome_with(OneShotFraming{1024}, false, more), "pass");
  EXPECT_EQ(outcome_with(std::nullopt, false, more), "pass");
}

TEST(EndRequestTest, AHalfCloseAfterItIsDoneAlready) {
  EXPECT_EQ(outcome_with(UntilEofFraming{}, true, R"(, {"shutdown": "c"}, {"expect_eof": "c"})"),
            "pass");
}

}  // namespace
}  // namespace dialtone
