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
  Storyteller(SocketAddress address, const std::vector<AcceptedClient>* story) : address_(address), story_(story) {}
  Task<std::optional<std::string>> start(Recorder&) override { co_return std::nullopt; }
  SocketAddress address() const override { return address_; }
  Task<std::optional<std::string>> control(std::string_view) override { co_return std::nullopt; }
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
  std::vector<std::string> program(std::string_view, const SocketAddress&) const override { return {}; }
  Task<> finish(Loop&) override { co_return; }

  PeerListener listener;
  std::vector<AcceptedClient> story;
};

class ExpectServerTest : public ::testing::Test {
 protected:
  /// Two free ports of this host, for the clients "a" and "b" to call from.
  static SocketAddress free_address() { return PeerListener().address(); }

  std::string run(const std::string& look) {
    const auto from = [](const SocketAddress& address) { return R"(", "from": ")" + address.to_string() + R"("}, )"; };
    ScenarioLoop loop;
    return outcome_of(loop.run(suite_of(R"({"connect": "a)" + from(a) + R"({"connect": "b)" + from(b) + look), target));
  }

  StoryTarget target;
  SocketAddress a = free_address();
  SocketAddress b = free_address();
};

TEST_F(ExpectServerTest, TheOrderOfAcceptsIsTheOneGiven) {
  target.story = {{a, false}, {b, false}};
  EXPECT_EQ(run(R"({"expect_server": "accept_order", "of": ["a", "b"]})"), "pass");
  EXPECT_EQ(run(R"({"expect_server": "accept_order", "of": ["b", "a"], "within": "50ms"})"), "fail ServerSide");
  EXPECT_EQ(run(R"({"expect_server": "accept_order", "of": "a", "within": "50ms"})"), "fail ServerSide");
}

TEST_F(ExpectServerTest, AcceptGivesTheClientsOwnAddress) {
  target.story = {{b, false}, {a.with_port(1), false}};
  EXPECT_EQ(run(R"({"expect_server": "peer_address", "of": "b"})"), "pass");
  EXPECT_EQ(run(R"({"expect_server": "peer_address", "of": ["a", "b"], "within": "50ms"})"), "fail ServerSide");
}

TEST_F(ExpectServerTest, ReadZeroIsOfThatClient) {
  target.story = {{a, true}, {b, false}};
  EXPECT_EQ(run(R"({"expect_server": "read_zero", "of": "a"})"), "pass");
  EXPECT_EQ(run(R"({"expect_server": "read_zero", "of": "b", "within": "50ms"})"), "fail ServerSide");
}

TEST_F(ExpectServerTest, AStallIsNoVerdictOnTheServer) {
  ScenarioLoop loop;
  loop.keep_stalling(milliseconds(200));
  const auto result =
      loop.run(suite_of(R"({"connect": "a"}, {"expect_server": "read_zero", "of": "a", "within": "150ms"})"), target);
  EXPECT_EQ(outcome_of(result), "error HarnessStalled");
}

TEST_F(ExpectServerTest, ASideThatIsNotOursIsNoFailure) {
  const PeerListener listener;
  const auto other = target_at(listener.address());
  ScenarioLoop loop;
  const auto result = loop.run(suite_of(R"({"connect": "a"}, {"expect_server": "read_zero", "of": "a"})"), *other);
  EXPECT_EQ(outcome_of(result), "error NoServerSide");
}

}  // namespace
}  // namespace dialtone
