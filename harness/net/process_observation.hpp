#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/net/os_result.hpp"

/// What the kernel shows of a process group through /proc (man 5 proc). A look is a photograph:
/// poll until it settles. What another user's processes hold is hidden (EACCES); that they run, and
/// for how long, is not.
namespace dialtone {

struct ProcessStat {
  char state = '?';  ///< 'R', 'S', 'D', 'T' stopped, 'Z' ended and not reaped, ...
  pid_t parent = -1;
  pid_t group = -1;
  bool exiting = false;  ///< it is past its last instruction: its descriptors are being closed
  /// On a processor so far, with the children that it has waited for.
  Duration processor_time{};
};

/// The text of /proc/PID/stat, or of a thread's; nullopt where it is malformed. The program's name
/// in it may hold spaces and parentheses. `ticks`: sysconf(_SC_CLK_TCK).
std::optional<ProcessStat> parse_process_stat(std::string_view stat, long ticks);

/// What /proc/PID/stat says; nullopt where there is no such process.
std::optional<ProcessStat> process_stat(pid_t pid);

/// Whether it is there, and no zombie.
bool is_running(pid_t pid);

/// All that /proc shows.
std::vector<pid_t> all_processes();

/// Descriptors that these processes have open, added up. ESRCH: there is none of them.
OsResult<int> open_descriptors(const std::vector<pid_t>& processes);

/// Descriptors that the processes of this group have open, added up. ESRCH: none of them runs.
OsResult<int> descriptors_of_group(pid_t group);

/// Whether every thread of the process is stopped by a signal; of one that has ended: false.
bool is_stopped(pid_t pid);

/// Whether every thread of the process ends, or has ended: its sockets may be gone a moment before
/// waitid(2) tells of it. Of one that was reaped: false.
bool is_exiting(pid_t pid);

/// Whether every thread of the process waits for something (an event, a lock, a time).
bool is_waiting(pid_t pid);

/// The processes of the group that run, zombies left out.
std::vector<pid_t> running_members(pid_t group);

/// The time of a group's processes on processors, and the time that they were ready to run and
/// waited for one. Zero for a group that has ended.
struct ProcessorUse {
  Duration used{};
  Duration waited{};
};
ProcessorUse processor_use(pid_t group);
ProcessorUse processor_use(const std::vector<pid_t>& processes);

/// Lowers and restores the soft limit of open files (RLIMIT_NOFILE) of a group's processes.
class DescriptorLimits {
 public:
  /// The limit that leaves room for exactly `room` more descriptors, for each process by what it
  /// holds now. EPERM: another user's. ESRCH: none of them runs.
  std::optional<OsError> leave_room(pid_t group, int room);
  /// The same limit for all. A hard limit below it stays.
  std::optional<OsError> set(pid_t group, int limit);
  /// What was lowered gets its first limit back.
  std::optional<OsError> restore();

 private:
  std::optional<OsError> set_one(pid_t pid, rlim_t limit);

  std::map<pid_t, rlim_t> before_;
};

}  // namespace dialtone
