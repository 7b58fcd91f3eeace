#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/net/os_result.hpp"
#include "harness/net/process_observation.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {

/// Inodes of the sockets that listen at `address` (TCP, or a Unix socket), as the kernel's tables
/// show them. Empty: nobody does, or the tables are hidden.
std::vector<std::uint64_t> listener_inodes(const SocketAddress& address);

/// A server that somebody else launched, found by its listening socket: the processes that hold it,
/// and what they have launched. It is looked at through /proc and never signalled. By its process
/// group it could not be told from us: a script's programs share one.
class ObservedProcesses {
 public:
  /// nullopt where nobody listens there, or only processes that we may not look into (another
  /// user's, EACCES). Never this process itself.
  static std::optional<ObservedProcesses> at(const SocketAddress& address);

  /// Those that run now, and all that they have launched; no zombies.
  std::vector<pid_t> running() const;

  OsResult<int> descriptors() const;
  ProcessorUse processor_use() const;

  /// "process 4711 (nginx)", "processes 4711 and 4712 (nginx)"
  const std::string& name() const { return name_; }

 private:
  ObservedProcesses(std::vector<pid_t> holders, std::string name)
      : holders_(std::move(holders)), name_(std::move(name)) {}

  std::vector<pid_t> holders_;  ///< of the listening socket
  std::string name_;
};

}  // namespace dialtone
