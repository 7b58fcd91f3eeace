#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/net/os_result.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {

/// A listening Unix stream socket, as /proc/net/unix shows it (man 5 proc).
struct UnixListener {
  std::string name;     ///< as it was bound: a path, relative ones too, or "@abstract"
  std::uint64_t inode;  ///< the N of `socket:[N]` in /proc/PID/fd
};

/// Those in the text of /proc/net/unix. A line that is malformed is none.
std::vector<UnixListener> unix_listeners_in(std::string_view table);

/// Those of this network namespace. Fails where /proc cannot be read.
OsResult<std::vector<UnixListener>> unix_listeners();

/// Those that a process of this group holds. A name that is a path is relative to what that process
/// has for its working directory; here it is made absolute. EACCES where none was found and a
/// member could not be looked into.
OsResult<std::vector<UnixListener>> unix_listeners_of(pid_t group);

/// Whether this is the listener at `address`: the same name, or the same file.
bool is_at(const UnixListener& listener, const SocketAddress& address);

}  // namespace dialtone
