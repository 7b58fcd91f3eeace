#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/net/os_result.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {

/// Inodes of the sockets that process `pid` holds, sorted, from the links /proc/PID/fd/N ->
/// `socket:[INODE]` (man 5 proc). ENOENT: there is no such process; EACCES: it is another user's.
OsResult<std::vector<std::uint64_t>> socket_inodes(pid_t pid);

/// The processes of this process group that /proc shows, zombies included. Empty: none.
std::vector<pid_t> group_members(pid_t group);

/// The listening sockets on `port` (0 takes every port) that a process of this group holds.
/// EACCES where none was found and a member could not be looked into.
OsResult<std::vector<SocketRow>> listeners_of(SocketTable& table, pid_t group, std::uint16_t port);

/// Whether a process of this group holds the socket of this inode.
bool group_holds(pid_t group, std::uint64_t inode);

/// The first of them, or nullopt: the answer to "has the server that I started begun to listen?"
OsResult<std::optional<SocketRow>> listener_of(SocketTable& table, pid_t group, std::uint16_t port);

/// The process group in the text of /proc/PID/stat; nullopt where it is malformed. The program's
/// name in it may hold spaces and parentheses.
std::optional<pid_t> group_in_stat(std::string_view stat);

}  // namespace dialtone
