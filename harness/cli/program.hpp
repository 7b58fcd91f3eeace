#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/net/spawn.hpp"

namespace dialtone {

/// How a program ended, and what it had printed.
struct ProgramResult {
  int exit_code = -1;  ///< -1: it did not exit by itself, see `how`
  std::string how{};   ///< "exit code 2", "killed by SIGKILL", "not ended within 60 s"
  Bytes out{};
  Bytes err{};
};

/// A program that a test has started, in a process group of its own. Whoever lets go of it kills
/// the group, so a test that fails half-way leaves nothing behind.
class Program {
 public:
  /// Throws std::system_error where the program cannot be started.
  explicit Program(const Command& command);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return child_.pid; }
  const Bytes& out() const { return result_.out; }

  /// Waits until its standard output holds `text`. False where it ended, or the limit passed,
  /// first.
  bool prints(std::string_view text);

  /// The rest of the first line of its standard output that begins with `begin`; waits for it.
  /// Empty where none came.
  std::string line_after(std::string_view begin);

  void send_signal(int signal) const;

  /// Waits for its end. The limit over, it is killed.
  ProgramResult finish();

 private:
  using Time = std::chrono::steady_clock::time_point;

  bool has_ended() const;
  /// Reads what is there, after waiting until something is, or the end; false at the limit.
  bool progress(Time until);
  void drain();
  void reap(bool in_time);

  Spawned child_;
  ProgramResult result_;
  bool reaped_ = false;
};

/// Runs it to its end. Throws std::system_error where it cannot be started.
ProgramResult run_program(const Command& command);

}  // namespace dialtone
