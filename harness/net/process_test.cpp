#include "harness/net/process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <cerrno>
#include <charconv>
#include <exception>
#include <filesystem>
#include <fstream>

namespace dialtone {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Whether a process, ours or not, ends within 10 s. A zombie has ended.
bool ends(pid_t pid) {
  const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
  if (!pidfd) return errno == ESRCH;
  pollfd watched{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, 10'000) == 1;
}

pid_t pid_in(const Bytes& text) {
  pid_t pid = -1;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  return pid;
}

Command shell(std::string script) { return {.argv = {"/bin/sh", "-c", std::move(script)}}; }

Process::Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(20); }

bool has_line(const Process::Output& output) { return output.out.ends_with('\n'); }

class ProcessTest : public ::testing::Test {
 protected:
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  Process start(const Command& command) {
    auto process = Process::spawn(io_.get_executor(), command);
    if (!process.ok()) throw std::runtime_error(process.error().text);
    return std::move(process.value());
  }

  /// Runs the loop until `task` is done.
  bool run(Task<bool> task) {
    bool result = false;
    io_.restart();
    asio::co_spawn(io_, std::move(task),
                   [this, &result](const std::exception_ptr& error, bool value) {
                     EXPECT_FALSE(error);
                     result = value;
                     io_.stop();
                   });
    io_.run();
    return result;
  }

  ExitStatus exit_of(Process& process) {
    const bool ended = run(process.wait_exit(soon()));
    EXPECT_TRUE(ended);
    return process.exit_status().value_or(ExitStatus{.signaled = true, .code = 0});
  }

  Process::Output output_of(const Command& command) {
    auto process = start(command);
    EXPECT_EQ(to_string(exit_of(process)), "exit code 0");
    return process.output();
  }

  OsError failure_of(const Command& command) {
    const auto process = Process::spawn(io_.get_executor(), command);
    return process.ok() ? OsError{} : process.error();
  }

  std::string file(const std::string& name, const std::string& text, mode_t mode) {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }

  static std::filesystem::path make_folder() {
    std::string name = std::filesystem::temp_directory_path() / "process_test.XXXXXX";
    return ::mkdtemp(name.data());
  }

  asio::io_context io_;
  std::filesystem::path folder_ = make_folder();
};

using Har20 = ProcessTest;

TEST_F(Har20, ExitCodeAndSignalAreToldApart) {
  auto exiting = start(shell("exit 3"));
  EXPECT_EQ(exit_of(exiting), (ExitStatus{.signaled = false, .code = 3}));
  auto killed = start(shell("kill -TERM $$"));
  EXPECT_EQ(exit_of(killed), (ExitStatus{.signaled = true, .code = SIGTERM}));
  auto shell_code = start(shell("exit 143"));  // what a shell makes of SIGTERM is an exit code
  EXPECT_EQ(exit_of(shell_code), (ExitStatus{.signaled = false, .code = 143}));
}

TEST(ExitStatusTest, IsNamedForPeople) {
  EXPECT_EQ(to_string(ExitStatus{.signaled = false, .code = 3}), "exit code 3");
  EXPECT_EQ(to_string(ExitStatus{.signaled = true, .code = 15}), "signal 15 (SIGTERM)");
  EXPECT_EQ(to_string(ExitStatus{.signaled = true, .code = 40}), "signal 40");
}

TEST_F(ProcessTest, RunningProcessHasNoExitStatus) {
  auto process = start({.argv = {"sleep", "60"}});
  EXPECT_EQ(process.exit_status(), std::nullopt);
  EXPECT_FALSE(run(process.wait_exit(std::chrono::steady_clock::now())));
  process.signal(SIGKILL);
  EXPECT_EQ(to_string(exit_of(process)), "signal 9 (SIGKILL)");
}

TEST_F(ProcessTest, MissingProgramIsNotFound) {
  const auto by_name = failure_of({.argv = {"no-such-program-here"}});
  EXPECT_EQ(by_name.code, ENOENT);
  EXPECT_EQ(by_name.text, "cannot start 'no-such-program-here': No such file or directory");
  EXPECT_EQ(failure_of({.argv = {"./no-such-program-here"}}).code, ENOENT);
}

TEST_F(ProcessTest, FileThatMayNotBeRunIsDenied) {
  const auto path = file("plain", "#!/bin/sh\n", 0644);
  const auto error = failure_of({.argv = {path}});
  EXPECT_EQ(error.code, EACCES);
  EXPECT_THAT(error.text, EndsWith("Permission denied"));
  EXPECT_EQ(failure_of({.argv = {"plain"}, .environment = {{"PATH", folder_}}}).code, EACCES);
}

TEST_F(ProcessTest, MissingInterpreterIsToldFromAMissingFile) {
  const auto error = failure_of({.argv = {file("script", "#!/no/such/interpreter\n", 0755)}});
  EXPECT_EQ(error.code, ENOENT);
  EXPECT_THAT(error.text, HasSubstr("interpreter"));
}

TEST_F(ProcessTest, ScriptWithoutInterpreterIsNotGivenToAShell) {
  const auto error = failure_of({.argv = {file("script", "echo hello\n", 0755)}});
  EXPECT_EQ(error.code, ENOEXEC);
  EXPECT_THAT(error.text, HasSubstr("'#!'"));
}

TEST_F(ProcessTest, MissingDirectoryIsNamed) {
  const auto error = failure_of({.argv = {"true"}, .directory = "/no/such/folder"});
  EXPECT_EQ(error.code, ENOENT);
  EXPECT_THAT(error.text, HasSubstr("in '/no/such/folder'"));
}

TEST_F(ProcessTest, CommandThatTheKernelCannotHoldIsRefused) {
  EXPECT_EQ(failure_of({}).code, EINVAL);
  EXPECT_EQ(failure_of({.argv = {""}}).code, EINVAL);
  EXPECT_EQ(failure_of({.argv = {"echo", std::string("a\0b", 3)}}).code, EINVAL);
  EXPECT_EQ(failure_of({.argv = {"env"}, .environment = {{"A=B", "c"}}}).code, EINVAL);
}

TEST_F(ProcessTest, FailedStartLeavesNoZombie) {
  failure_of({.argv = {"no-such-program-here"}});
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(ProcessTest, ArgumentsArriveAsTheyAre) {
  const auto output = output_of({.argv = {"printf", "<%s>", "", "$HOME *", "a\nb", "\"'"}});
  EXPECT_EQ(output.out, "<><$HOME *><a\nb><\"'>");
}

TEST_F(ProcessTest, ProgramIsLookedUpInThePathThatItGets) {
  file("tool-of-this-test", "#!/bin/sh\necho found\n", 0755);
  const std::string path = "/no/such/folder:" + folder_.string() + ":/bin";
  EXPECT_EQ(output_of({.argv = {"tool-of-this-test"}, .environment = {{"PATH", path}}}).out,
            "found\n");
}

TEST_F(ProcessTest, RelativeProgramStartsFromItsDirectory) {
  file("tool", "#!/bin/sh\npwd -P\n", 0755);
  const auto output = output_of({.argv = {"./tool"}, .directory = folder_});
  EXPECT_EQ(output.out, std::filesystem::canonical(folder_).string() + "\n");
}

TEST_F(ProcessTest, EnvironmentIsAddedToAndReplaced) {
  ASSERT_EQ(::setenv("PROCESS_TEST_KEPT", "kept", 1), 0);
  ASSERT_EQ(::setenv("PROCESS_TEST_CHANGED", "old", 1), 0);
  auto command = shell("echo $PROCESS_TEST_KEPT $PROCESS_TEST_CHANGED $PROCESS_TEST_NEW");
  command.environment = {{"PROCESS_TEST_CHANGED", "changed"}, {"PROCESS_TEST_NEW", "new"}};
  EXPECT_EQ(output_of(command).out, "kept changed new\n");
}

TEST_F(ProcessTest, InputIsDeliveredAndThenEnds) {
  EXPECT_EQ(output_of({.argv = {"cat"}, .input = Bytes("a\0\xff\n", 4)}).out,
            Bytes("a\0\xff\n", 4));
  EXPECT_EQ(output_of({.argv = {"cat"}, .input = Bytes()}).out, "");
}

TEST_F(ProcessTest, InputLargerThanAPipeIsDeliveredWhole) {
  EXPECT_EQ(output_of({.argv = {"wc", "-c"}, .input = Bytes(65536, 'x')}).out, "65536\n");
  EXPECT_EQ(output_of({.argv = {"wc", "-c"}, .input = Bytes(300'000, 'x')}).out, "300000\n");
}

TEST_F(ProcessTest, InputThatNobodyReadsHurtsNobody) {
  EXPECT_EQ(output_of({.argv = {"true"}, .input = Bytes(300'000, 'x')}).out, "");
}

TEST_F(ProcessTest, StdinIsDevNullWithoutInput) {
  EXPECT_EQ(output_of({.argv = {"readlink", "/proc/self/fd/0"}}).out, "/dev/null\n");
}

TEST_F(ProcessTest, BothStreamsAreKeptApart) {
  const auto output = output_of(shell("echo out; echo err >&2"));
  EXPECT_EQ(output.out, "out\n");
  EXPECT_EQ(output.err, "err\n");
}

TEST_F(ProcessTest, OutputIsWholeAndInOrderOnceItHasEnded) {
  Bytes expected;
  for (int line = 1; line <= 9000; ++line) expected += std::to_string(line) + "\n";
  EXPECT_EQ(output_of({.argv = {"seq", "1", "9000"}}).out, expected);
}

TEST_F(ProcessTest, ExitStatusComesWithTheOutputAlthoughTheLoopHasNotRun) {
  auto process = start(shell("echo out; echo err >&2"));
  ASSERT_TRUE(ends(process.pid()));
  ASSERT_TRUE(process.exit_status());
  EXPECT_EQ(process.output().out, "out\n");
  EXPECT_EQ(process.output().err, "err\n");
}

TEST_F(ProcessTest, FloodNeitherBlocksNorGrows) {
  const auto output = output_of({.argv = {"head", "-c", "10000000", "/dev/zero"}});
  EXPECT_THAT(output.out, HasSubstr("\n[... 9934464 bytes dropped ...]\n"));
  EXPECT_THAT(output.out, SizeIs(::testing::Lt(66'000U)));
}

TEST_F(ProcessTest, GrandchildThatHoldsThePipeDoesNotHangUs) {
  auto process = start(shell("sleep 60 & echo $!"));
  EXPECT_EQ(to_string(exit_of(process)), "exit code 0");
  const auto grandchild = pid_in(process.output().out);
  ASSERT_GT(grandchild, 0);
  EXPECT_EQ(::kill(grandchild, 0), 0) << "it still holds the pipe";
}

TEST_F(ProcessTest, WaitForOutputSeesItWhileTheProcessRuns) {
  auto process = start(shell("echo ready; exec sleep 60"));
  EXPECT_TRUE(run(process.wait_output(has_line, soon())));
  EXPECT_EQ(process.output().out, "ready\n");
  EXPECT_EQ(process.exit_status(), std::nullopt);
}

TEST_F(ProcessTest, WaitForOutputEndsWithTheStreams) {
  auto process = start(shell("printf half"));
  EXPECT_FALSE(run(process.wait_output(has_line, Process::Deadline::max())));
  EXPECT_EQ(process.output().out, "half");
}

TEST_F(ProcessTest, WaitForOutputEndsAtItsDeadline) {
  auto process = start({.argv = {"sleep", "60"}});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  EXPECT_FALSE(run(process.wait_output(has_line, deadline)));
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
}

TEST_F(ProcessTest, ChildStartsWithDefaultSignalsWhateverOursAre) {
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigset_t mask;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &blocked, &mask), 0);
  const auto output = output_of({.argv = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}});
  EXPECT_EQ(output.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");

  sigset_t now;
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &mask, &now), 0);
  EXPECT_EQ(::sigismember(&now, SIGUSR1), 1) << "our own mask is as it was";
  EXPECT_EQ(::sigismember(&now, SIGUSR2), 0);
  ::signal(SIGPIPE, before);
}

TEST_F(ProcessTest, OnlyTheStandardStreamsAreInherited) {
  const UniqueFd leaky(::open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  ASSERT_TRUE(leaky);
  EXPECT_EQ(output_of({.argv = {"ls", "/proc/self/fd"}}).out, "0\n1\n2\n3\n") << "3 is ls's own";
}

TEST_F(Har20, RunsInAGroupOfItsOwn) {
  auto process = start({.argv = {"sleep", "60"}});
  EXPECT_EQ(::getpgid(process.pid()), process.pid());
  EXPECT_NE(::getpgrp(), process.pid());
}

TEST_F(ProcessTest, StopEndsAProcessThatListens) {
  auto process =
      start(shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 60 & wait; done"));
  ASSERT_TRUE(run(process.wait_output(has_line, soon())));
  EXPECT_TRUE(run(process.stop(SIGTERM, std::chrono::seconds(20))));
  EXPECT_EQ(to_string(*process.exit_status()), "exit code 7");
  EXPECT_EQ(process.output().out, "ready\nbye\n");
}

TEST_F(ProcessTest, StopKillsAProcessThatIgnoresTheSignal) {
  auto process = start(shell("trap '' TERM; echo ready; while :; do sleep 60; done"));
  ASSERT_TRUE(run(process.wait_output(has_line, soon())));
  EXPECT_FALSE(run(process.stop(SIGTERM, std::chrono::milliseconds(20))));
  EXPECT_EQ(to_string(*process.exit_status()), "signal 9 (SIGKILL)");
}

TEST_F(ProcessTest, StopReachesAProcessThatWasStopped) {
  auto process = start({.argv = {"sleep", "60"}});
  process.signal(SIGSTOP);
  EXPECT_TRUE(run(process.stop(SIGTERM, std::chrono::seconds(20))));
  EXPECT_EQ(to_string(*process.exit_status()), "signal 15 (SIGTERM)");
}

TEST_F(ProcessTest, StopReachesAMemberOfTheGroupThatWasStopped) {
  auto process = start(shell("sleep 60 & kill -STOP $!; echo ready; wait"));
  ASSERT_TRUE(run(process.wait_output(has_line, soon())));
  EXPECT_TRUE(run(process.stop(SIGTERM, std::chrono::seconds(20))));
}

// It flushes a pending SIGSTOP: a leak checker that attached itself at exit waited for ever.
TEST_F(ProcessTest, StopContinuesNothingThatIsNotStopped) {
  if (::access("/usr/bin/python3", X_OK) != 0) GTEST_SKIP() << "there is no /usr/bin/python3";
  constexpr auto script = R"(
import os, signal, time
signal.signal(signal.SIGCONT, lambda number, frame: print('continued', flush=True))
def end(number, frame):
    for _ in range(20):
        time.sleep(0.01)
    print('ended', flush=True)
    os._exit(0)
signal.signal(signal.SIGTERM, end)
print('ready', flush=True)
while True:
    time.sleep(1)
)";
  auto process = start({.argv = {"/usr/bin/python3", "-c", script}});
  ASSERT_TRUE(run(process.wait_output(has_line, soon())));
  EXPECT_TRUE(run(process.stop(SIGTERM, std::chrono::seconds(20))));
  EXPECT_EQ(process.output().out, "ready\nended\n");
}

TEST_F(ProcessTest, StopKillsWhatTheProcessLeftInItsGroup) {
  auto process = start(shell("(trap '' TERM; exec sleep 60) & echo $!"));
  exit_of(process);
  const auto grandchild = pid_in(process.output().out);
  ASSERT_GT(grandchild, 0);
  EXPECT_TRUE(run(process.stop(SIGTERM, std::chrono::seconds(20))));
  EXPECT_TRUE(ends(grandchild));
}

TEST_F(ProcessTest, StopReapsAndLaterSignalsGoNowhere) {
  auto process = start({.argv = {"sleep", "60"}});
  const auto pid = process.pid();
  EXPECT_TRUE(run(process.stop(SIGTERM, std::chrono::seconds(20))));
  EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1) << "nothing is left to wait for";
  process.signal(SIGKILL);
  process.signal_group(SIGKILL);
  EXPECT_TRUE(run(process.stop(SIGTERM, std::chrono::seconds(20))));
  EXPECT_EQ(to_string(*process.exit_status()), "signal 15 (SIGTERM)");
}

TEST_F(ProcessTest, EndedProcessKeepsItsIdUntilItIsStopped) {
  auto process = start({.argv = {"true"}});
  exit_of(process);
  EXPECT_EQ(::kill(-process.pid(), 0), 0) << "else the group's id could be a stranger's";
}

TEST_F(ProcessTest, DestructorLeavesNeitherZombieNorOrphan) {
  pid_t child = -1;
  pid_t grandchild = -1;
  {
    auto process = start(shell("trap '' TERM; sleep 60 & echo $!; wait"));
    ASSERT_TRUE(run(process.wait_output(has_line, soon())));
    child = process.pid();
    grandchild = pid_in(process.output().out);
  }
  ASSERT_GT(grandchild, 0);
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
  EXPECT_TRUE(ends(grandchild));
}

TEST_F(ProcessTest, DestructionEndsAWaitThatIsUnderWay) {
  std::optional<Process> process = start({.argv = {"sleep", "60"}});
  bool returned = false;
  asio::co_spawn(io_, process->wait_exit(Process::Deadline::max()),
                 [&returned](const std::exception_ptr&, bool) { returned = true; });
  io_.poll();
  ASSERT_FALSE(returned);
  process.reset();
  io_.run();  // returns only when no operation is left
  EXPECT_TRUE(returned);
}

TEST_F(ProcessTest, AssignmentEndsTheProcessThatWasHeld) {
  auto process = start({.argv = {"sleep", "60"}});
  const auto first = process.pid();
  process = start({.argv = {"sleep", "60"}});
  EXPECT_EQ(::waitpid(first, nullptr, WNOHANG), -1);
  EXPECT_NE(process.pid(), first);
  EXPECT_EQ(process.exit_status(), std::nullopt);
}

TEST_F(ProcessTest, KilledHarnessLeavesNoOrphan) {
  std::array<int, 2> ends_of_pipe{};
  ASSERT_EQ(::pipe2(ends_of_pipe.data(), O_CLOEXEC), 0);
  const UniqueFd read(ends_of_pipe[0]);
  const UniqueFd write(ends_of_pipe[1]);
  const auto harness = ::fork();
  if (harness == 0) {
    const auto spawned = spawn({.argv = {"sleep", "60"}});
    const pid_t pid = spawned.ok() ? spawned.value().pid : -1;
    [[maybe_unused]] const auto written = ::write(write.get(), &pid, sizeof pid);
    while (true) ::pause();
  }
  pid_t program = -1;
  ASSERT_EQ(::read(read.get(), &program, sizeof program), static_cast<ssize_t>(sizeof program));
  ASSERT_GT(program, 0);
  ASSERT_EQ(::kill(program, 0), 0);
  ::kill(harness, SIGKILL);
  ::waitpid(harness, nullptr, 0);
  EXPECT_TRUE(ends(program));
}

}  // namespace
}  // namespace dialtone
