#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/net/os_result.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {

/// A program to start. No shell reads it: each argument arrives as it stands here.
struct Command {
  /// argv[0] is looked up in PATH (that of `environment`, if it has one) unless it holds a slash;
  /// a relative path starts from `directory`.
  std::vector<std::string> argv{};
  std::string directory{};  ///< empty: ours
  /// Added to our environment, or put in the place of what it has under that name.
  std::vector<std::pair<std::string, std::string>> environment{};
  std::optional<Bytes> input{};  ///< what it reads from stdin before EOF; nullopt: /dev/null
};

/// A child that has been through execve. The caller owns it: it must be waited for.
struct Spawned {
  pid_t pid = -1;  ///< also the id of its process group
  UniqueFd pidfd;  ///< readable when it has ended (man 2 pidfd_open)
  UniqueFd out;    ///< our ends of its stdout and stderr; not blocking
  UniqueFd err;
};

/// A child on its way to execve.
struct Spawning {
  Spawned child;
  UniqueFd status;  ///< readable once execve was done or has failed: see spawn_failure
};

/// Starts `command` in a process group of its own, with default signal dispositions and an empty
/// signal mask. The kernel kills it (PR_SET_PDEATHSIG) when the *thread* that called this ends, so
/// that a killed harness leaves no orphan; its own children do not inherit that.
/// The error's code is the errno of the step that failed, its text names the step.
OsResult<Spawning> begin_spawn(const Command& command);

/// Why the child could not become the program (ENOENT: no such program; EACCES: not executable), or
/// nullopt where it did. Blocks until `status` is readable.
std::optional<OsError> spawn_failure(const Command& command, int status);

/// Both, one after the other: on a busy machine that blocks for as long as the child waits for a
/// processor.
OsResult<Spawned> spawn(const Command& command);

}  // namespace dialtone
