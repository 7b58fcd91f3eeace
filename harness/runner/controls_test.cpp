#include "harness/runner/controls.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "harness/net/namespace_test_support.hpp"
#include "harness/net/slow_link_test_support.hpp"
#include "harness/runner/external_target.hpp"
#include "harness/runner/process_endpoint.hpp"
#include "harness/runner/runner_test_support.hpp"

/// Targets that a program of the user's steers, or a signal.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// How long after its word it does so.
struct Tardiness {
  milliseconds close{};
  milliseconds open{};
};

/// A server that somebody else runs. Who connects to its admin port says "close" or "open!", and
/// gets FIN: once that is done, or at once by one that does it later. It never accepts a client.
class SteeredServer {
 public:
  explicit SteeredServer(const std::string& host, Tardiness tardiness = {})
      : at_(own_port(host)),
        server_(std::in_place, 128, at_),
        admin_(8, SocketAddress::loopback_ipv4(0)),
        tardiness_(tardiness),
        thread_([this] { serve(); }) {}
  ~SteeredServer() {
    ends_ = true;
    const UniqueFd caller(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto at = admin_.address();
    EXPECT_EQ(::connect(caller.get(), at.data(), at.size()), 0);
    thread_.join();
  }
  SteeredServer(const SteeredServer&) = delete;
  SteeredServer& operator=(const SteeredServer&) = delete;

  std::uint16_t port() const { return at_.port(); }
  /// Waits until it has heard so many words.
  void await_words(int count) const {
    while (words_ < count) std::this_thread::sleep_for(milliseconds(1));
  }
  /// A command of a profile that makes it do so.
  std::string command(const std::string& word) const {
    return fmt::format(
        R"({{"command": ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$0; printf $1 >&3; cat <&3", "{}", "{}"]}})",
        admin_.address().port(), word);
  }

 private:
  /// While the listener is closed, nobody else's bind or connect may be given its port.
  static SocketAddress own_port(const std::string& host) {
    const auto address = SocketAddress::parse(host + ":0").value();
    return address.with_port(free_port(address));
  }

  /// Each caller has a thread: one that is tardy does not keep the next one waiting.
  void serve() {
    std::vector<std::jthread> threads;
    while (true) {
      auto caller = admin_.accept();
      if (ends_) return;
      threads.emplace_back([this, caller = std::move(caller)]() mutable { hear(caller); });
    }
  }

  void hear(PeerSocket& caller) {
    const auto word = caller.receive(5);
    const auto delay = word == "close" ? tardiness_.close : tardiness_.open;
    if (delay > milliseconds(0)) caller.close();
    std::this_thread::sleep_for(delay);  // the race that the harness must not lose
    const std::lock_guard lock(mutex_);
    if (word == "close") server_.reset();
    if (word == "open!" && !server_) server_.emplace(128, at_);
    ++words_;
  }

  SocketAddress at_;
  std::mutex mutex_;
  std::optional<PeerListener> server_;
  PeerListener admin_;
  Tardiness tardiness_;
  std::atomic<bool> ends_ = false;
  std::atomic<int> words_ = 0;
  std::thread thread_;
};

Profile profile_of(const std::string& address, const std::string& controls) {
  Diagnostics diagnostics;
  auto profile = load_profile(
      "p.json", fmt::format(R"({{"address": "{}", "controls": {{{}}}}})", address, controls), {},
      diagnostics);
  for (const auto& each : diagnostics) ADD_FAILURE() << render(each);
  return profile;
}

Finished run_external(const Profile& profile, const std::vector<std::string>& scenarios) {
  auto made = make_external_target(profile, true);
  const auto target = std::move(std::get<std::unique_ptr<Target>>(made));
  RunOptions options;
  options.jobs = 1;
  return run_all(plan({suite_of_scenarios(scenarios)}, target->provides(), {}), *target, options,
                 [](std::size_t, const ScenarioResult&) {});
}

std::string close_and_open(const SteeredServer& server) {
  auto close = server.command("close");
  close.pop_back();
  return fmt::format(R"("close_listener": {}, "undo": {}}})", close, server.command("open!"));
}

constexpr auto* kClose =
    R"({"control": "close_listener"}, {"connect": "new", "outcome": "refused"})";
constexpr auto* kConnect = R"({"connect": "c"})";

TEST(ControlsTest, ACommandStepsInForASignalAndItsUndoIsForTheNextScenario) {
  const SteeredServer server("127.0.0.1");
  const auto profile =
      profile_of(fmt::format("127.0.0.1:{}", server.port()), close_and_open(server));
  const auto finished = run_external(profile, {kConnect, kClose, kConnect, kClose});
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 pass", "S1 pass", "S2 pass", "S3 pass"));
}

// The listener closes 300 ms after its admin has said that it will: a connect comes before that.
constexpr auto* kRace = R"({"control": "close_listener"},
                           {"connect": "new", "outcome": "refused", "retry": true, "within": "20s"})";

TEST(Har13FarAway, ItIsAskedUntilItRefuses) {
  in_own_network([] {
    const SlowLink link(milliseconds(5));
    const auto outcome = [](const std::string& steps) {
      const SteeredServer server(SlowLink::kHere, {.close = milliseconds(300)});
      const auto finished = run_external(
          profile_of(fmt::format("{}:{}", SlowLink::kFar, server.port()), close_and_open(server)),
          {steps});
      return outcome_of(finished.results.at(0));
    };
    EXPECT_EQ(outcome(kRace), "pass");
  });
}

std::string problem_of(const std::string& command) {
  const PeerListener listener;
  const auto control = fmt::format(
      R"("close_listener": {{"command": {}, "undo": {{"command": ["true"]}}}})", command);
  const auto finished = run_external(profile_of(listener.address().to_string(), control), {kClose});
  EXPECT_EQ(outcome_of(finished.results.at(0)), "error ControlFailed");
  return finished.results.at(0).problem.message;
}

TEST(ControlsTest, ACommandThatFailsIsNoFailureOfTheTarget) {
  EXPECT_THAT(problem_of(R"(["bash", "-c", "echo no permission >&2; exit 3"])"),
              AllOf(HasSubstr("control 'close_listener'"), HasSubstr("ended with exit code 3"),
                    HasSubstr("no permission")));
  EXPECT_THAT(problem_of(R"(["./no-such-program"])"),
              AllOf(HasSubstr("cannot launch './no-such-program'"),
                    HasSubstr("No such file or directory")));
}

TEST(ControlsTest, ItsWordsAreFilledIn) {
  const PeerListener listener;
  const auto message = problem_of(R"(["bash", "-c", "echo at $0 $1 $2; exit 1",
                                      "${host}", "${port}", "${address}"])");
  EXPECT_THAT(message, HasSubstr("at 127.0.0.1 "));
  EXPECT_THAT(message, Not(HasSubstr("${")));
}

// Else the next scenarios would blame the target for what we left there.
TEST(ControlsTest, WhereItIsNotTakenBackNothingIsJudgedAnyMore) {
  const SteeredServer server("127.0.0.1");
  auto close = server.command("close");
  close.pop_back();
  const auto profile =
      profile_of(fmt::format("127.0.0.1:{}", server.port()),
                 fmt::format(R"("close_listener": {}, "undo": {{"command": ["false"]}}}})", close));
  const auto finished = run_external(profile, {kClose, kConnect});
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 error TargetDidNotStop", "S1 error TargetNotReady"));
  EXPECT_THAT(finished.results.at(1).problem.message,
              HasSubstr("since an earlier scenario, 'close_listener' was not taken back: 'false' "
                        "ended with exit code 1"));
}

// Else somebody else's server would be left without its listener by a Ctrl-C.
TEST(ControlsTest, ARunThatIsInterruptedTakesItBack) {
  const SteeredServer server("127.0.0.1");
  const auto address = fmt::format("127.0.0.1:{}", server.port());
  const auto profile = profile_of(address, close_and_open(server));
  std::thread interrupts([&, runner = ::pthread_self()] {
    server.await_words(1);
    ::pthread_kill(runner, SIGINT);  // of another thread it would break off the wait (EINTR)
  });
  const auto finished =
      run_external(profile, {R"({"control": "close_listener"}, {"pause": "10m"})"});
  interrupts.join();
  EXPECT_EQ(finished.signal, SIGINT);
  server.await_words(2);
  EXPECT_THAT(outcomes_of(run_external(profile, {kConnect}).results), ElementsAre("S0 pass"));
}

// -j is the user's wish, but one scenario's closed listener would be another's refusal.
TEST(ControlsTest, ScenariosOfATargetThatIsSteeredRunOneByOne) {
  const SteeredServer server("127.0.0.1");
  const auto profile =
      profile_of(fmt::format("127.0.0.1:{}", server.port()), close_and_open(server));
  auto made = make_external_target(profile, true);
  EXPECT_EQ(std::get<std::unique_ptr<Target>>(made)->most_at_once(), 1);
}

constexpr auto* kForAWhile = R"({"connect": "c"}, {"pause": "450ms"}, {"connect": "d"})";

std::vector<std::string> outcomes_with(const SteeredServer& server,
                                       const std::vector<std::string>& scenarios) {
  const auto address = fmt::format("127.0.0.1:{}", server.port());
  return outcomes_of(run_external(profile_of(address, close_and_open(server)), scenarios).results);
}

TEST(ControlsTest, ItIsWaitedForUntilItListensAgain) {
  const SteeredServer server("127.0.0.1", {.open = milliseconds(300)});
  EXPECT_THAT(outcomes_with(server, {kClose, kForAWhile, kClose, kConnect}),
              ElementsAre("S0 pass", "S1 pass", "S2 pass", "S3 pass"));
}

// Else what was told first would be done last, and the next scenario would find no listener.
TEST(ControlsTest, NothingIsTakenBackBeforeItIsDone) {
  const SteeredServer server("127.0.0.1", {.close = milliseconds(300)});
  EXPECT_THAT(outcomes_with(server, {R"({"control": "close_listener"})", kForAWhile}),
              ElementsAre("S0 pass", "S1 pass"));
}

// A command may be what starts the server.
TEST(ControlsTest, WhatACommandLeavesRunningGoesOn) {
  const PeerListener listener;
  const ServerProgram folder;
  const auto file = folder.file("pid", "");
  const auto finished = run_external(
      profile_of(
          listener.address().to_string(),
          fmt::format(R"("pause_accept": {{"undo": {{"command": ["true"]}}, "command": ["bash",
                     "-c", "sleep 600 > /dev/null 2>&1 & echo $! > $0", "{}"]}})",
                      file)),
      {R"({"control": "pause_accept"})"});
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  ASSERT_GT(pid, 0);
  std::string state = "R";
  while (state == "R" || state == "D") {
    std::string name;
    state.clear();
    std::ifstream(fmt::format("/proc/{}/stat", pid)) >> name >> name >> state;
  }
  EXPECT_EQ(state, "S");  // a killed one is a zombie, or gone
  ::kill(pid, SIGKILL);
}

TEST(ControlsTest, WhatAResumeCouldNotTakeBackSpoilsTheTarget) {
  const PeerListener listener;
  const auto finished = run_external(
      profile_of(listener.address().to_string(),
                 R"("pause_accept": {"command": ["true"], "undo": {"command": ["false"]}})"),
      {R"({"control": "pause_accept"}, {"control": "resume_accept"})", kConnect});
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 error ControlFailed", "S1 error TargetNotReady"));
}

TEST(ControlsTest, ACommandHasItsStepsDeadline) {
  const PeerListener listener;
  const auto finished = run_external(
      profile_of(listener.address().to_string(),
                 R"("pause_accept": {"command": ["sleep", "600"], "undo": {"command": ["true"]}})"),
      {R"({"control": "pause_accept", "within": "200ms"})"});
  EXPECT_EQ(outcome_of(finished.results.at(0)), "error ControlFailed");
  EXPECT_THAT(finished.results.at(0).problem.message, HasSubstr("did not end within 200ms"));
}

// A command may change what outlives the process, such as a rule of a firewall.
TEST(ControlsTest, AServerOfOneScenarioHasItsCommandsTakenBackToo) {
  const ServerProgram program;
  const auto file = program.file("told", "");
  const auto finished = run_process(
      program.profile("deaf", {},
                      fmt::format(R"("controls": {{"close_listener": {{"command": ["true"],
          "undo": {{"command": ["bash", "-c", "echo undone > $0", "{}"]}}}}}},)",
                                  file)),
      suite_of_scenarios({R"({"control": "close_listener"})"}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
  std::string told;
  std::ifstream(file) >> told;
  EXPECT_EQ(told, "undone");
}

TEST(ControlsTest, WhatIsNotTakenBackOfItIsNoPass) {
  const ServerProgram program;
  const auto finished = run_process(
      program.profile("deaf", {}, R"("controls": {"close_listener": {"command": ["true"],
          "undo": {"command": ["bash", "-c", "echo no such rule >&2; exit 4"]}}},)"),
      suite_of_scenarios({R"({"control": "close_listener"})"}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 error TargetDidNotStop"));
  EXPECT_THAT(finished.results.at(0).problem.message,
              AllOf(HasSubstr("'close_listener' was not taken back"), HasSubstr("exit code 4"),
                    HasSubstr("no such rule")));
}

TEST(ControlsTest, ASharedServerListensAgainWhenTheScenarioHasEnded) {
  const ServerProgram program;
  const auto finished = run_process(
      program.profile("deaf", {}, R"("isolation": "shared", "controls": {"close_listener":
          {"signal": "SIGUSR1", "undo": {"signal": "SIGUSR2"}}},)"),
      suite_of_scenarios({R"({"control": "close_listener"},
                              {"expect_socket": "target", "state": "GONE"},
                              {"connect": "new", "outcome": "refused"})",
                          kConnect}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass"))
      << finished.results.at(0).problem.message << finished.results.at(1).problem.message;
}

TEST(ControlsTest, NothingIsTakenBackOfASharedServerBeforeItIsDone) {
  const ServerProgram program;
  const auto finished = run_process(
      program.profile("tardy", {}, R"("isolation": "shared", "controls": {"close_listener":
          {"signal": "SIGUSR1", "undo": {"signal": "SIGUSR2"}}},)"),
      suite_of_scenarios({R"({"control": "close_listener"})", kForAWhile}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass"));
}

TEST(ControlsTest, ASharedServerThatDoesNotIsNotJudged) {
  const ServerProgram program;
  const auto finished = run_process(
      program.profile("deaf", {}, R"("isolation": "shared", "controls": {"close_listener":
          {"signal": "SIGUSR1", "undo": {"command": ["false"]}}},)"),
      suite_of_scenarios({R"({"control": "close_listener"},
                              {"expect_socket": "target", "state": "GONE"})",
                          kConnect}));
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 error TargetDidNotStop", "S1 error TargetNotReady"));
}

}  // namespace
}  // namespace dialtone
