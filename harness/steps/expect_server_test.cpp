#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;

/// A listener that accepts nobody, whose side tells what the test made up.
class Storyteller : public Endpoint {
 public:
  Storyteller(SocketAddress address, const std::vector<AcceptedClient>* story)
      : address_(address), story_(story) {}
  Task<std::optional<std::string>> start(Recorder&) override { co_return std::nullopt; }
  SocketAddress address() const override { return address_; }
  Task<std::optional<std::string>> control(std::string_view, Duration) override {
    co_return std::nullopt;
  }
  const std::vector<AcceptedClient>* accepted() const override { return story_; }
  Task<std::optional<std::string>> stop() override { co_return std::nullopt; }

 private:
  SocketAddress address_;
  const std::vector<AcceptedClient>* story_;
};

class StoryTarget : public Target {
 public:
  std::string name() const override { return "story"; }
  std::set<std::string> provides() const override { return {"server_side"}; }
  int concurrency() const override { return 0; }
  std::unique_ptr<Endpoint> acquire(Loop&, const Scenario&, const std::string&) override {
    return std::make_unique<Storyteller>(listener.address(), &story);
  }
  std::optional<Command> program(std::string_view, const SocketAddress&) const override {
    return {};
  }

  PeerListener listener;
  std::vector<AcceptedClient> story;
};

/// What the made-up server tells of the two clients, given their addresses.
using Story = std::vector<AcceptedClient> (*)(const SocketAddress& a, const SocketAddress& b);

std::string judge(Story story, const std::string& look) {
  const auto a = PeerListener().address();  // free by now
  const auto b = PeerListener().address();
  StoryTarget target;
  target.story = story(a, b);
  const auto connect = [](const char* name, const SocketAddress& from) {
    return fmt::format(R"({{"connect": "{}", "from": "{}"}}, )", name, from.to_string());
  };
  return outcome_of(unless_too_busy([&] {
    ScenarioLoop loop;
    return loop.run(suite_of(connect("a", a) + connect("b", b) + look), target);
  }));
}

using Told = std::vector<AcceptedClient>;

TEST(ExpectServerTest, TheOrderOfAcceptsIsTheOneGiven) {
  const auto story = [](const SocketAddress& a, const SocketAddress& b) {
    return Told{{a, false}, {b, false}};
  };
  EXPECT_EQ(judge(story, R"({"expect_server": "accept_order", "of": ["a", "b"]})"), "pass");
  EXPECT_EQ(
      judge(story, R"({"expect_server": "accept_order", "of": ["b", "a"], "within": "50ms"})"),
      "fail ServerSide");
  EXPECT_EQ(judge(story, R"({"expect_server": "accept_order", "of": "a", "within": "50ms"})"),
            "fail ServerSide");
}

TEST(ExpectServerTest, AcceptGivesTheClientsOwnAddress) {
  const auto story = [](const SocketAddress& a, const SocketAddress& b) {
    return Told{{b, false}, {a.with_port(1), false}};
  };
  EXPECT_EQ(judge(story, R"({"expect_server": "peer_address", "of": "b"})"), "pass");
  EXPECT_EQ(
      judge(story, R"({"expect_server": "peer_address", "of": ["a", "b"], "within": "50ms"})"),
      "fail ServerSide");
}

TEST(ExpectServerTest, ReadZeroIsOfThatClient) {
  const auto story = [](const SocketAddress& a, const SocketAddress& b) {
    return Told{{a, true}, {b, false}};
  };
  EXPECT_EQ(judge(story, R"({"expect_server": "read_zero", "of": "a"})"), "pass");
  EXPECT_EQ(judge(story, R"({"expect_server": "read_zero", "of": "b", "within": "50ms"})"),
            "fail ServerSide");
}

TEST(ExpectServerTest, AStallIsNoVerdictOnTheServer) {
  StoryTarget target;
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(200));
  const auto result = loop.run(
      suite_of(R"({"connect": "a"}, {"expect_server": "read_zero", "of": "a", "within": "150ms"})"),
      target);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST(ExpectServerTest, ASideThatIsNotOursIsNoFailure) {
  const PeerListener listener;
  const auto other = target_at(listener.address());
  ScenarioLoop loop;
  const auto result =
      loop.run(suite_of(R"({"connect": "a"}, {"expect_server": "read_zero", "of": "a"})"), *other);
  EXPECT_EQ(outcome_of(result), "error NoServerSide");
}

}  // namespace
}  // namespace dialtone
