#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace dialtone {

/// What a process that did not end at a signal was doing, from the texts of /proc/PID/status and
/// /proc/PID/wchan (man 5 proc): "it has a handler for SIGTERM, sleeps in do_epoll_wait", "it
/// ignores SIGTERM, runs", "it blocks SIGTERM, which waits". Empty where `status` is none.
std::string describe_signal_state(std::string_view status, std::string_view wchan, int signal);

/// The same of a process; empty where it has gone or may not be looked at.
std::string signal_state_of(pid_t pid, int signal);

}  // namespace dialtone
