// An interrupted run: nothing that was finished is lost, and nothing that was launched is left.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// Two that are quick, one that takes longer than any test, one that is never reached.
constexpr std::string_view kScenarios = R"(
  {"id": "S-1", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "S-2", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
  {"id": "S-3", "title": "t", "source": "s", "steps": [{"connect": "c"}, {"expect_silence": "600s"}]},
  {"id": "S-4", "title": "t", "source": "s", "steps": [{"connect": "c"}]})";

struct Interruption {
  int signal;
  int exit_code;
};

class InterruptedRun : public testing::TestWithParam<Interruption> {
 protected:
  void check_what_is_left(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, GetParam().exit_code) << result.how << result.err;
    EXPECT_EQ(ids_with("pass", result.out), (std::set<std::string>{"S-1", "S-2"}));
    EXPECT_THAT(result.out, HasSubstr("interrupted: 2 of 4 finished"));
    EXPECT_EQ(xml_mistakes(report_).value_or(""), "");
    const auto report = read_text(report_);
    EXPECT_EQ(occurrences("<testcase ", report), 3);
    EXPECT_THAT(report, HasSubstr("it was interrupted: 2 scenarios finished"));
    EXPECT_THAT(report, HasSubstr("S-1: t"));
    EXPECT_THAT(report, HasSubstr("S-2: t"));
    EXPECT_THAT(report, HasSubstr("</testsuites>"));
  }

  TemporaryDirectory dir_;
  const std::string suite_ = dir_.write("suite.json", suite_json("interrupted", kScenarios));
  const std::string report_ = dir_.path("report.xml");
};

TEST_P(InterruptedRun, KeepsWhatWasFinished) {
  Program run(dialtone_command({"run", suite_, "--jobs", "1", "--report", "junit=" + report_}));
  ASSERT_TRUE(run.prints("pass   S-2"));
  run.send_signal(GetParam().signal);
  check_what_is_left(run.finish());
}

/// The ids of the processes that were launched, when there are `wanted` of them; fewer at the
/// limit.
std::vector<pid_t> launched(const std::string& file, std::size_t wanted) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::vector<pid_t> pids;
  while (pids.size() < wanted && std::chrono::steady_clock::now() < until) {
    pids.clear();
    const auto text = read_text(file);
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos;
         at = end + 1)
      pids.push_back(std::stoi(text.substr(at, end - at)));
    std::this_thread::yield();
  }
  return pids;
}

TEST_P(InterruptedRun, LeavesNoProcessBehind) {
  if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  const auto pids = dir_.path("pids");
  const auto server = dir_.write("server.py", R"(
import os, socket, sys
server = socket.socket()
server.bind(('127.0.0.1', int(sys.argv[1])))
open(sys.argv[2], 'a').write('%d\n' % os.getpid())
server.listen(128)
calls = []
while True:
    calls.append(server.accept())
)");
  const auto profile = dir_.write(
      "profile.json", fmt::format(R"({{"address": "127.0.0.1:${{port}}", "concurrency": 1,
    "start": {{"command": ["{}", "{}", "${{port}}", "{}"]}}}})",
                                  python(), server, pids));
  Program run(
      dialtone_command({"run", suite_, "--target", profile, "--report", "junit=" + report_}));
  ASSERT_TRUE(run.prints("pass   S-2"));
  const auto servers = launched(pids, 3);
  ASSERT_THAT(servers, SizeIs(3));
  run.send_signal(GetParam().signal);
  check_what_is_left(run.finish());
  for (const auto pid : servers) {
    EXPECT_EQ(::kill(pid, 0), -1) << "process " << pid << " is left";
    EXPECT_EQ(errno, ESRCH);
  }
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptedRun,
                         testing::Values(Interruption{SIGINT, 130}, Interruption{SIGTERM, 143}),
                         [](const auto& tested) {
                           return tested.param.signal == SIGINT ? "SIGINT" : "SIGTERM";
                         });

TEST(GlobalTimeoutTest, EndsTheRunKeepsWhatWasFinishedAndFails) {
  const TemporaryDirectory dir;
  const auto suite = dir.write("suite.json", suite_json("endless", R"(
    {"id": "S-3", "title": "t", "source": "s", "steps": [{"connect": "c"}, {"expect_silence": "600s"}]})"));
  const auto report = dir.path("report.xml");
  const auto result =
      run_dialtone({"run", suite, "--global-timeout", "100ms", "--report", "junit=" + report});
  EXPECT_EQ(result.exit_code, 1) << result.how;
  EXPECT_THAT(result.out, HasSubstr("interrupted: 0 of 1 finished"));
  EXPECT_THAT(result.err, HasSubstr("the run took longer than 100ms and was ended"));
  EXPECT_EQ(xml_mistakes(report).value_or(""), "");
  EXPECT_EQ(occurrences("<testcase ", read_text(report)), 1);
  EXPECT_THAT(read_text(report), HasSubstr("it was interrupted: 0 scenarios finished"));
}

TEST(ServeSignalTest, TermEndsTheServerWithZero) {
  Program server(dialtone_command({"serve", "--port", "0"}));
  ASSERT_TRUE(server.prints("listening on 127.0.0.1:"));
  server.send_signal(SIGTERM);
  const auto result = server.finish();
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr("stopped"));
}

}  // namespace
}  // namespace dialtone
