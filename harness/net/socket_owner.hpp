#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialtone {

/// A process that holds a socket.
struct SocketOwner {
  pid_t pid;
  std::string
      name;  ///< of its program, as the kernel keeps it: at most 15 octets (man 5 proc, comm)
};

/// Who holds the socket of this inode (a SocketRow's); nullopt where no process that we may look
/// into does. Walks through all of /proc: for messages, not for polls.
std::optional<SocketOwner> owner_of(std::uint64_t inode);

/// All of them: a server and its workers may share one.
std::vector<SocketOwner> owners_of(std::uint64_t inode);

/// Who holds the socket, for people, as far as /proc shows it: "process 17 (redis-server, user id
/// 33)". `user`: "user id 33", empty where not known.
std::string holder(std::uint64_t inode, const std::string& user);

}  // namespace dialtone
