#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/model/bytes.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/os_result.hpp"
#include "harness/net/spawn.hpp"
#include "harness/net/task.hpp"

namespace dialtone {

/// How a process ended.
struct ExitStatus {
  bool signaled = false;
  int code = 0;  ///< the signal's number, or the exit code; kLost where somebody else took it

  /// The status went to another waiter: SIGCHLD is ignored, or a wait for any child took it.
  static constexpr int kLost = -1;

  bool operator==(const ExitStatus&) const = default;
};

/// "exit code 3", "signal 15 (SIGTERM)"
std::string to_string(const ExitStatus& status);

/// A program that was started and is owned, together with its process group. It lives on the one
/// thread that runs its executor; nothing here blocks but the destructor, for as long as the kernel
/// needs to end a process that got SIGKILL (5 s at most).
///
/// Until stop() or the destructor the ended process stays a zombie on purpose: its id cannot be
/// given to a stranger, so a signal to the group can't hit one.
class Process {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// What it wrote so far, both streams apart. Of a stream longer than 64 KiB the first and the
  /// last 32 KiB are kept, with a line that counts what was dropped between them.
  struct Output {
    Bytes out;
    Bytes err;
  };
  using OutputPredicate = std::function<bool(const Output&)>;

  /// Output is read from the moment that the executor runs. See spawn() for errors.
  static OsResult<Process> spawn(const Executor& executor, const Command& command);

  /// The same without blocking the loop until the program is loaded: others' waits go on meanwhile.
  static Task<OsResult<Process>> launch(Loop& loop, Command command);

  Process(Process&&) noexcept = default;
  Process& operator=(Process&& other) noexcept;
  /// Kills the group with SIGKILL and reaps the process. Waits that are under way end at once.
  ~Process();

  /// Also the id of its process group.
  pid_t pid() const;

  /// nullopt while it runs. Once it is there, output() has all that the process itself wrote.
  std::optional<ExitStatus> exit_status();

  /// How it ended, where that was by a signal that nobody sent through this object.
  std::optional<ExitStatus> crash();

  /// Whether a signal was sent through this object that could have ended it: any but SIGSTOP and
  /// SIGCONT.
  bool was_told_to_end() const;

  Output output() const;

  /// To the process alone; to all of its group. Nothing happens once it was reaped.
  void signal(int number);
  void signal_group(int number);

  /// Once it has ended: what it has started goes on, and is not ours.
  void let_group_be();

  /// True once it has ended; false at the deadline.
  Task<bool> wait_exit(Deadline deadline);

  /// True once the predicate likes the output; false at the deadline, or as soon as nothing more
  /// can come because both streams have ended.
  Task<bool> wait_output(OutputPredicate predicate, Deadline deadline);

  /// Sends `number` to the group (and SIGCONT, but only where one is stopped: it would undo the
  /// stop with which a tracer, such as a leak checker at exit, has just begun, and leave it waiting
  /// for ever), gives the process `grace` to end, then kills whatever is left of the group with
  /// SIGKILL, and reaps the process. True where it ended within the grace.
  Task<bool> stop(int number, std::chrono::milliseconds grace);

  /// What it did about the signal of stop() instead of ending, where anything can be told of it:
  /// "it ignores SIGTERM, sleeps in do_epoll_wait".
  const std::string& stayed() const;

 private:
  class State;
  explicit Process(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;  ///< shared with the coroutines that read and wait
};

}  // namespace dialtone
