#include "harness/runner/process_target.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <set>

#include "harness/runner/process_endpoint.hpp"
#include "harness/runner/runner_test_support.hpp"

/// Servers that are launched: each way in which that can go wrong, and what is told of it.
namespace dialtone {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr const char* kAsk =
    R"({"connect": "c"}, {"send": "x"}, {"expect": {"regex": "pid [0-9]+\\."}}, {"expect_eof": "c"})";

/// ... until its process is about to end: a stop by signal could come first.
const std::string kAskUntilItFalls =
    std::string(kAsk) + R"(, {"expect_socket": "target", "state": "GONE"})";

class ProcessTargetTest : public ::testing::Test {
 protected:
  ~ProcessTargetTest() override { EXPECT_TRUE(has_no_child()); }

  ScenarioResult ask(const Profile& profile, const std::string& steps = kAsk,
                     std::string_view extra = {}) {
    auto finished = run_process(profile, suite_of_scenarios({steps}, extra));
    EXPECT_THAT(finished.results, SizeIs(1));
    return std::move(finished.results.at(0));
  }

  static std::vector<std::string> notes_of(const ScenarioResult& result) {
    std::vector<std::string> notes;
    for (const auto& event : result.transcript)
      if (const auto* note = std::get_if<Noted>(&event.kind)) notes.push_back(note->text);
    return notes;
  }

  /// What the servers of a run said of themselves.
  static std::set<Bytes> pids_in(const Finished& finished) {
    std::set<Bytes> pids;
    for (const auto& result : finished.results) {
      for (const auto& event : result.transcript) {
        if (std::holds_alternative<Received>(event.kind)) pids.emplace(payload_of(event.kind));
      }
    }
    return pids;
  }

  ServerProgram program_;
};

TEST_F(ProcessTargetTest, AServerIsLaunchedAndAsked) {
  const auto result = ask(program_.profile("normal"));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  ASSERT_THAT(result.outputs, SizeIs(1));
  EXPECT_EQ(result.outputs[0].program, "target");
  EXPECT_EQ(result.outputs[0].ended, "signal 15 (SIGTERM)");
}

TEST_F(ProcessTargetTest, HowAServerEndedIsKnownThoughOurParentIgnoredSigchld) {
  const auto before = std::signal(SIGCHLD, SIG_IGN);  // as a program inherits it
  const auto result = ask(program_.profile("fall"), kAskUntilItFalls);
  std::signal(SIGCHLD, before);
  EXPECT_EQ(outcome_of(result), "fail TargetCrashed") << result.problem.message;
}

TEST_F(ProcessTargetTest, AServerGetsItsEnvironmentAndItsDirectory) {
  const auto profile = program_.profile(
      "surroundings",
      R"("environment": {"GREETING": "hello on ${port}"}, "directory": "/usr/share",)");
  const auto result =
      ask(profile,
          R"({"connect": "c"}, {"send": "x"}, {"expect": "hello on ${target.port} in /usr/share, "},
         {"expect": {"regex": "pid [0-9]+\\."}}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST_F(ProcessTargetTest, ItsDirectoryIsNamedByVariables) {
  const auto profile = program_.profile(
      "surroundings", R"("environment": {"GREETING": "hi"}, "directory": "${root}/share",)",
      R"("vars": {"root": "/usr"},)");
  const auto result =
      ask(profile, R"({"connect": "c"}, {"send": "x"}, {"expect": "hi in /usr/share, "},
         {"expect": {"regex": "pid [0-9]+\\."}}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST_F(ProcessTargetTest, WithoutThemItHasOurs) {
  const auto result =
      ask(program_.profile("surroundings"),
          fmt::format(R"({{"connect": "c"}}, {{"send": "x"}}, {{"expect": "None in {}, "}},
                         {{"expect": {{"regex": "pid [0-9]+\\."}}}}, {{"expect_eof": "c"}})",
                      std::filesystem::current_path().string()));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST_F(ProcessTargetTest, ADirectoryThatIsNotThereIsNoFailure) {
  const auto result = ask(program_.profile("normal", R"("directory": "/no/such/place",)"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("/no/such/place"), HasSubstr("No such file")));
}

// Each of the two answers with its own process id.
TEST_F(ProcessTargetTest, ARestartedServerIsAnotherProcessOnTheSameAddress) {
  const auto finished = run_process(program_.profile("normal"),
                                    suite_of_scenarios({fmt::format(R"({}, {{"control": "restart"}},
          {{"expect_socket": "target", "owned": true}}, {{"connect": "d"}}, {{"send": "x", "on": "d"}},
          {{"expect": {{"regex": "pid [0-9]+\\."}}, "on": "d"}}, {{"expect_eof": "d"}})",
                                                                    kAsk)}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"))
      << finished.results[0].problem.message;
  EXPECT_THAT(pids_in(finished), SizeIs(2));
}

// It ends with RST or FIN, as the kernel pleases, but at once: nothing of it drains.
TEST_F(ProcessTargetTest, ARestartEndsTheConnectionsOfTheOldProcess) {
  const auto result = ask(program_.profile("stay"),
                          R"({"connect": "c"}, {"control": "await_accept"}, {"control": "restart"},
                             {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// Its first client is in FIN_WAIT2 or TIME_WAIT there: KRN-14.
TEST_F(ProcessTargetTest, AServerThatCannotBindAgainHasFailed) {
  const auto result =
      ask(program_.profile("rigid"), fmt::format(R"({}, {{"control": "restart"}})", kAsk));
  EXPECT_EQ(outcome_of(result), "fail RestartFailed");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("Address already in use"), HasSubstr("ended before it listened")));
}

TEST_F(ProcessTargetTest, AnOrphanThatHoldsTheListenerIsToldOf) {
  const auto result = ask(program_.profile("heir", R"("ready_within": "5s",)"),
                          fmt::format(R"({}, {{"control": "restart"}})", kAsk));
  EXPECT_EQ(outcome_of(result), "fail RestartFailed");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("Address already in use"), HasSubstr("is taken: process ")));
}

TEST_F(ProcessTargetTest, AKilledServerLeavesItsPort) {
  const auto result = ask(program_.profile("normal"),
                          R"({"control": "kill"}, {"expect_exit": "target", "by_signal": "SIGKILL"},
                             {"expect_socket": "target", "listening": false})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  const auto heir = ask(program_.profile("heir"),
                        R"({"control": "kill"},
                           {"expect_socket": "target", "listening": false, "within": "300ms"})");
  EXPECT_EQ(outcome_of(heir), "fail SocketState") << heir.problem.message;
}

TEST_F(ProcessTargetTest, ARestartDoesNotHideThatItHadDied) {
  const auto result =
      ask(program_.profile("die"),
          R"({"connect": "c"}, {"send": "x"}, {"expect_socket": "target", "state": "GONE"},
                             {"control": "restart"})");
  EXPECT_EQ(outcome_of(result), "fail RestartFailed");
  EXPECT_THAT(result.problem.message, HasSubstr("it had died before that: signal 9"));
}

TEST_F(ProcessTargetTest, OnlyAServerOfTheScenariosOwnIsControlled) {
  const auto provides = [](const Profile& profile) {
    return std::get<0>(make_process_target(profile, 1.0, true))->provides();
  };
  EXPECT_THAT(provides(program_.profile("normal")),
              ::testing::IsSupersetOf({"process", "process_control", "control.restart"}));
  const auto shared = provides(program_.profile("normal", {}, R"("isolation": "shared",)"));
  EXPECT_THAT(shared, ::testing::Contains("process"));
  EXPECT_THAT(shared, ::testing::Not(::testing::Contains("process_control")));
  EXPECT_THAT(shared, ::testing::Not(::testing::Contains("control.restart")));
}

TEST_F(ProcessTargetTest, ACommandThatIsNotFoundIsNoFailure) {
  const auto result = ask(program_.profile_of_command(R"("/no/such/server", "${port}")"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("/no/such/server"), HasSubstr("No such file")));
}

TEST_F(ProcessTargetTest, AFileThatIsNotExecutableIsNoFailure) {
  const auto file = program_.file("server.txt", "hello");
  const auto result = ask(program_.profile_of_command(fmt::format(R"("{}", "${{port}}")", file)));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message, HasSubstr("Permission denied"));
}

TEST_F(ProcessTargetTest, OneThatExitsAtOnceIsQuoted) {
  const auto result = ask(program_.profile("exit"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("exit code 7"), HasSubstr("no configuration")));
}

TEST_F(ProcessTargetTest, OneThatListensElsewhereIsToldSo) {
  const auto result = ask(program_.profile("elsewhere", R"("ready_within": "1s",)"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("within 1s"), HasSubstr("it listens on 127.0.0.1:")));
}

TEST_F(ProcessTargetTest, OneThatNeverListensIsToldSo) {
  const auto result = ask(program_.profile("silent", R"("ready_within": "300ms",)"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message, HasSubstr("it listens nowhere"));
}

TEST_F(ProcessTargetTest, APortOfAnotherProgramIsToldSo) {
  const PeerListener other;
  const auto extra = fmt::format(R"("address": "{}",)", other.address().to_string());
  const auto result = ask(program_.profile("normal", {}, extra));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr(other.address().to_string()), HasSubstr("is taken")));
}

TEST_F(ProcessTargetTest, OneThatIgnoresItsSignalIsKilledAndTheRunGoesOn) {
  const auto finished = run_process(program_.profile("stubborn", R"("stop_within": "100ms",)"),
                                    suite_of_scenarios({kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 error TargetDidNotStop", "S1 error TargetDidNotStop"));
  EXPECT_THAT(finished.results[0].problem.message,
              HasSubstr("ignored SIGTERM for 100ms and was killed (it ignores SIGTERM, "));
  EXPECT_EQ(finished.results[0].outputs.at(0).ended, "signal 9 (SIGKILL)");
}

TEST_F(ProcessTargetTest, AFailureIsNotHiddenByOneThatDoesNotStop) {
  const auto result = ask(program_.profile("stubborn", R"("stop_within": "100ms",)"),
                          R"({"connect": "c"}, {"send": "x"}, {"expect": "other"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

TEST_F(ProcessTargetTest, OneThatPrintsWithoutEndIsReadOn) {
  const auto finished = run_process(program_.profile("flood"), suite_of_scenarios({kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass"));
  const auto& kept = finished.results[0].outputs.at(0).standard_output;
  EXPECT_GT(kept.size(), 60'000U);
  EXPECT_LT(kept.size(), 100'000U);
}

TEST_F(ProcessTargetTest, OneThatDiesInMidScenarioFailsAndIsToldHow) {
  const auto finished =
      run_process(program_.profile("die"), suite_of_scenarios(std::vector<std::string>(5, kAsk)));
  EXPECT_THAT(finished.results, SizeIs(5));
  for (const auto& result : finished.results) {
    EXPECT_EQ(result.verdict, Verdict::kFail);
    // Its sockets close before the kernel shows that it ended: that once hid the reason.
    EXPECT_THAT(result.problem.message,
                HasSubstr("the target had ended by then: signal 9 (SIGKILL)"));
    EXPECT_EQ(result.outputs.at(0).standard_error, "giving up\n");
  }
}

TEST_F(ProcessTargetTest, OneThatDiesAfterEveryStepHeldFails) {
  const auto result = ask(program_.profile("fall"), kAskUntilItFalls);
  EXPECT_EQ(outcome_of(result), "fail TargetCrashed");
  EXPECT_THAT(result.problem.message,
              HasSubstr("every step held, but the target died: signal 11 (SIGSEGV)"));
}

TEST_F(ProcessTargetTest, OneThatEndsByItselfWithAnErrorIsSeenInAPassToo) {
  const auto steps = std::string(kAsk) + R"(, {"expect_exit": "target", "code": "any"})";
  const auto tripped = ask(program_.profile("trip"), steps);
  EXPECT_EQ(outcome_of(tripped), "pass") << tripped.problem.message;
  EXPECT_THAT(notes_of(tripped), Contains("the target had ended by itself: exit code 1"));
  const auto once = ask(program_.profile("once"), steps);
  EXPECT_EQ(outcome_of(once), "pass") << once.problem.message;
  EXPECT_THAT(notes_of(once), Not(Contains(HasSubstr("ended by itself"))));
}

TEST_F(ProcessTargetTest, EachScenarioGetsAProcessOfItsOwn) {
  const auto finished =
      run_process(program_.profile("normal"), suite_of_scenarios({kAsk, kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass", "S2 pass"));
  EXPECT_THAT(pids_in(finished), SizeIs(3));
}

TEST_F(ProcessTargetTest, SharedOneProcessServesAll) {
  const auto finished = run_process(program_.profile("normal", {}, R"("isolation": "shared",)"),
                                    suite_of_scenarios({kAsk, kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass", "S2 pass"));
  EXPECT_THAT(pids_in(finished), SizeIs(1));
}

// The second scenario once took the process that the first one was still waiting for to be ready.
TEST_F(ProcessTargetTest, SharedAndAllAtOnceEachWaitsUntilItListens) {
  const auto finished =
      run_process(program_.profile("late", {}, R"("isolation": "shared", "concurrency": 4,)"),
                  suite_of_scenarios({kAsk, kAsk, kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 pass", "S1 pass", "S2 pass", "S3 pass"));
}

// The second scenario once took a process that never came to listen for a server that refuses: a
// failure.
TEST_F(ProcessTargetTest, SharedAndNeverReadyNoScenarioIsAFailure) {
  const auto finished = run_process(
      program_.profile("silent", R"("ready_within": "300ms",)", R"("isolation": "shared",)"),
      suite_of_scenarios({kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre("S0 error TargetNotReady", "S1 error TargetNotReady"));
  EXPECT_THAT(finished.results[1].problem.message, HasSubstr("could not be started"));
}

TEST_F(ProcessTargetTest, SharedAndDeadTheNextScenarioIsNoFailure) {
  const auto finished = run_process(program_.profile("die", {}, R"("isolation": "shared",)"),
                                    suite_of_scenarios({kAsk, kAsk}));
  ASSERT_THAT(finished.results, SizeIs(2));
  EXPECT_EQ(finished.results[0].verdict, Verdict::kFail);
  EXPECT_EQ(outcome_of(finished.results[1]), "error TargetNotReady");
  EXPECT_THAT(finished.results[1].problem.message, HasSubstr("has ended in an earlier scenario"));
}

TEST_F(ProcessTargetTest, SharedAndIgnoringItsSignalTheRunSaysSo) {
  const auto finished = run_process(
      program_.profile("stubborn", R"("stop_within": "100ms",)", R"("isolation": "shared",)"),
      suite_of_scenarios({kAsk}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
  EXPECT_THAT(finished.target_problem, Optional(HasSubstr("ignored SIGTERM")));
}

TEST_F(ProcessTargetTest, SharedAndDyingAfterTheLastScenarioTheRunSaysSo) {
  const auto finished = run_process(program_.profile("fall", {}, R"("isolation": "shared",)"),
                                    suite_of_scenarios({kAskUntilItFalls}));
  // Where its end shows in time, the scenario fails too.
  EXPECT_THAT(outcomes_of(finished.results),
              ElementsAre(AnyOf("S0 pass", "S0 fail TargetCrashed")));
  EXPECT_THAT(finished.target_problem,
              Optional(HasSubstr("the shared target died: signal 11 (SIGSEGV)")));
}

TEST_F(ProcessTargetTest, SharedAndWellTheRunHasNothingToSay) {
  const auto finished = run_process(program_.profile("normal", {}, R"("isolation": "shared",)"),
                                    suite_of_scenarios({kAsk}));
  EXPECT_EQ(finished.target_problem, std::nullopt);
}

TEST_F(ProcessTargetTest, OnAFixedPortThereIsOneAtATimeWhateverIsAskedFor) {
  const auto extra =
      fmt::format(R"("address": "127.0.0.1:{}",)", free_port(SocketAddress::loopback_ipv4(0)));
  auto made = make_process_target(program_.profile("normal", {}, extra), 1.0, true);
  RunOptions options;
  options.jobs = 4;
  const auto finished = run_all(plan_of(suite_of_scenarios({kAsk, kAsk, kAsk})), *std::get<0>(made),
                                options, [](std::size_t, const auto&) {});
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass", "S2 pass"));
}

using Har15 = ProcessTargetTest;

// A connect to see whether it is ready would be its only client.
TEST_F(Har15, OneShotOnAFixedPortWorksScenarioAfterScenario) {
  const auto extra =
      fmt::format(R"("address": "127.0.0.1:{}",)", free_port(SocketAddress::loopback_ipv4(0)));
  // The client closes too, after the server: that leaves the server's port in TIME_WAIT, and it has
  // no SO_REUSEADDR.
  const std::string steps = std::string(kAsk) + R"(, {"close": "c"}, {"expect_exit": "target"})";
  const auto finished =
      run_process(program_.profile("once", {}, extra), suite_of_scenarios({steps, steps}), 3);
  EXPECT_THAT(finished.results, SizeIs(6));
  for (const auto& result : finished.results)
    EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

using Har13 = ProcessTargetTest;

TEST_F(Har13, AControlIsItsSignal) {
  const auto profile =
      program_.profile("deaf", {}, R"("controls": {"close_listener": {"signal": "SIGUSR1"}},)");
  const auto result = ask(profile, R"({"connect": "old"}, {"control": "close_listener"},
                                      {"expect_socket": "target", "state": "GONE"}, {"connect": "new", "outcome": "refused"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST_F(ProcessTargetTest, AScenarioMayJudgeTheReadinessItself) {
  const auto result = ask(program_.profile("silent"),
                          R"({"expect_socket": "target", "state": "LISTEN", "within": "200ms"})",
                          R"("await_ready": false,)");
  EXPECT_EQ(outcome_of(result), "fail SocketState");
}

class EndedEarly : public ProcessTargetTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(EndedEarly, LeavesNoProcessBehind) {
  free_port(SocketAddress::loopback_ipv4(0));  // the claim on its block is kept
  const auto before = open_descriptors();
  const auto profile =
      program_.profile("normal", {}, fmt::format(R"("isolation": "{}",)", GetParam()));
  const auto suite = suite_of_scenarios({kAsk, R"({"connect": "c"}, {"expect_silence": "10m"})"});
  auto made = make_process_target(profile, 1.0, true);
  auto& target = *std::get<0>(made);
  const auto finished = run_all(plan_of(suite), target, {},
                                [](std::size_t, const ScenarioResult&) { std::raise(SIGINT); });
  EXPECT_EQ(finished.signal, SIGINT);
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass"));
  EXPECT_TRUE(has_no_child());  // with the target still there
  EXPECT_EQ(open_descriptors(), before);
}

INSTANTIATE_TEST_SUITE_P(Isolation, EndedEarly, ::testing::Values("per-scenario", "shared"));

TEST_F(ProcessTargetTest, WithoutTheTableOfSocketsItIsRefused) {
  EXPECT_TRUE(std::holds_alternative<std::string>(
      make_process_target(program_.profile("normal"), 1.0, false)));
}

TEST_F(ProcessTargetTest, ProvidesAProcess) {
  const auto made = make_process_target(
      program_.profile("normal", {}, R"("provides": ["request_reply"],)"), 1.0, true);
  EXPECT_EQ(std::get<0>(made)->provides(),
            with_ipv6_host({"control.restart", "local", "process", "process_control",
                            "process_observation", "tcp", "request_reply", "socket_table"}));
  EXPECT_EQ(std::get<0>(made)->concurrency(), 1);
}

TEST(FreePortTest, IsFreeAndAnotherOneEachTime) {
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 50; ++i) ports.insert(free_port(SocketAddress::loopback_ipv4(0)));
  EXPECT_THAT(ports, SizeIs(50));
  EXPECT_THAT(ports, Each(::testing::Gt(0)));
}

}  // namespace
}  // namespace dialtone
