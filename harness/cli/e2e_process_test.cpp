// Targets that misbehave: each is an error with a sentence that says what to mend, and the run goes
// on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

// What it is told by its arguments: PORT and how to behave.
constexpr std::string_view kServer = R"(
import os, signal, socket, sys
port, behaviour = int(sys.argv[1]), sys.argv[2]
if behaviour == 'exits':
    sys.exit('cannot find my settings')
if behaviour == 'ignores-term':
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
server = socket.socket()
if behaviour != 'deaf':
    server.bind(('127.0.0.1', port))
    if behaviour == 'floods':
        for i in range(64):
            os.write(1, b'out' * 20000)
            os.write(2, b'err' * 20000)
    server.listen(128)
calls = []
while True:
    if behaviour == 'deaf':
        signal.pause()
    calls.append(server.accept())
)";

struct Behaviour {
  std::string name;
  std::string command;  ///< "SERVER": the Python server; else a path
  std::string verdict;
  std::string message;
};

void PrintTo(const Behaviour& behaviour, std::ostream* out) { *out << behaviour.name; }

class MisbehavingTarget : public testing::TestWithParam<Behaviour> {
 protected:
  std::string profile(const std::string& address) const {
    std::string command = fmt::format(R"(["{}"])", GetParam().command);
    if (GetParam().command == "SERVER") {
      command = fmt::format(R"(["{}", "{}", "${{port}}", "{}"])", python(),
                            dir_.write("server.py", kServer), GetParam().name);
    } else if (GetParam().command == "TEXT") {
      command = fmt::format(R"(["{}"])", dir_.write("not-executable", "#!/bin/sh\n"));
    }
    const auto ready = GetParam().name == "deaf" ? "300ms" : "30s";
    const auto stop = GetParam().name == "ignores-term" ? "300ms" : "30s";
    return dir_.write(
        "profile.json",
        fmt::format(
            R"({{"address": "{}", "start": {{"command": {}, "ready_within": "{}", "stop_within": "{}"}}}})",
            address, command, ready, stop));
  }

  TemporaryDirectory dir_;
};

// A scenario that is skipped ends at once. As the last one it once ended the run before the target
// was stopped.
TEST(SharedTargetTest, WhatItDidAfterTheLastScenarioIsInTheReports) {
  if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  const TemporaryDirectory dir;
  const auto profile = dir.write(
      "profile.json",
      fmt::format(R"({{"address": "127.0.0.1:0", "isolation": "shared", "start": {{"command":
                      ["{}", "{}", "${{port}}", "ignores-term"], "stop_within": "300ms"}}}})",
                  python(), dir.write("server.py", kServer)));
  const auto suite =
      dir.write("suite.json", suite_json("suite", R"({"id": "P-1", "title": "t", "source": "s",
                                           "steps": [{"connect": "c"}]},
                                          {"id": "P-2", "title": "t", "source": "s",
                                           "needs": ["pipelining"], "steps": [{"connect": "c"}]})"));
  const auto junit = dir.path("junit.xml");
  const auto result = run_dialtone({"run", suite, "--target", profile, "--report", "junit=" + junit,
                                    "--report", "ndjson=" + dir.path("log")});
  constexpr auto problem = "the target ignored SIGTERM for 300ms and was killed";
  EXPECT_EQ(result.exit_code, 1) << result.how;
  EXPECT_THAT(result.err, HasSubstr(std::string("after the last scenario: ") + problem));
  EXPECT_EQ(told_by(result.out).at("P-1").verdict, "pass");
  EXPECT_EQ(told_by(result.out).at("P-2").verdict, "skip");
  EXPECT_THAT(read_text(junit), HasSubstr(std::string("<error message=\"") + problem));
  const auto again = run_dialtone({"report", dir.path("log"), "--report", "junit"});
  EXPECT_EQ(again.out, read_text(junit));
}

TEST_P(MisbehavingTarget, IsAnErrorThatSaysWhyAndTheRunGoesOn) {
  if (GetParam().command == "SERVER" && python().empty())
    GTEST_SKIP() << "there is no /usr/bin/python3";
  const auto suite = dir_.write("suite.json", suite_json("suite", R"(
    {"id": "P-1", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
    {"id": "P-2", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
    {"id": "P-3", "title": "t", "source": "s", "needs": ["loop"], "steps": [{"connect": "c"}]})"));
  const HeldPort taken(true);
  const auto address =
      GetParam().name == "taken" ? fmt::format("127.0.0.1:{}", taken.port()) : "127.0.0.1:${port}";
  const auto result = run_dialtone({"run", suite, "--target", profile(address)});
  EXPECT_EQ(result.exit_code, GetParam().verdict == "pass" ? 0 : 1) << result.how << result.err;
  const auto told = told_by(result.out);
  ASSERT_EQ(told.size(), 3U) << result.out;
  for (const auto* id : {"P-1", "P-2"}) {
    EXPECT_EQ(told.at(id).verdict, GetParam().verdict) << result.out;
    EXPECT_THAT(told.at(id).details, HasSubstr(GetParam().message));
  }
  EXPECT_EQ(told.at("P-3").verdict, "skip");
}

INSTANTIATE_TEST_SUITE_P(
    All, MisbehavingTarget,
    testing::Values(Behaviour{"missing", "/no/such/server", "ERROR",
                              "cannot launch '/no/such/server'"},
                    Behaviour{"unexecutable", "TEXT", "ERROR", "Permission denied"},
                    Behaviour{"exits", "SERVER", "ERROR",
                              "the target ended before it listened: exit code 1; it printed: "
                              "cannot find my settings"},
                    Behaviour{"deaf", "SERVER", "ERROR", "did not listen on 127.0.0.1:"},
                    Behaviour{"taken", "SERVER", "ERROR", "is taken: process "},
                    Behaviour{"ignores-term", "SERVER", "ERROR",
                              "the target ignored SIGTERM for 300ms and was killed"},
                    Behaviour{"floods", "SERVER", "pass", ""}),
    [](const auto& tested) {
      return tested.param.name == "ignores-term" ? "ignores_term" : tested.param.name;
    });

}  // namespace
}  // namespace dialtone
