// stopwatch FILE COMMAND [ARGUMENT...]: runs the command and writes to FILE, in one line,
// wall, user and system time in microseconds, peak resident memory in KiB, and the exit code.
// A small parent of its own, because ru_maxrss of a child starts at what its parent held at exec.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

long microseconds(const timeval& time) { return time.tv_sec * 1'000'000L + time.tv_usec; }

/// The shell's convention: 128 + signal when a signal ended the process.
int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

[[noreturn]] void become(char** command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // whoever kills the stopwatch ends the command with it
  execvp(command[0], command);
  std::perror(command[0]);
  _exit(127);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: stopwatch FILE COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) become(argv + 2);
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) return 3;
  const auto wall = std::chrono::steady_clock::now() - start;
  std::FILE* out = std::fopen(argv[1], "w");
  if (out == nullptr) return 3;
  std::fprintf(
      out, "%ld %ld %ld %ld %d\n",
      static_cast<long>(std::chrono::duration_cast<std::chrono::microseconds>(wall).count()),
      microseconds(usage.ru_utime), microseconds(usage.ru_stime), usage.ru_maxrss,
      exit_code(status));
  return std::fclose(out) == 0 ? exit_code(status) : 3;
}
