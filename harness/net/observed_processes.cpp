#include "harness/net/observed_processes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/net/process_sockets.hpp"
#include "harness/net/socket_owner.hpp"
#include "harness/net/socket_table.hpp"
#include "harness/net/unix_table.hpp"

namespace dialtone {
namespace {

constexpr pid_t kInit = 1;

using Parents = std::map<pid_t, pid_t>;  // of all processes that /proc shows: child -> parent

Parents parents_of_all() {
  Parents parents;
  for (const auto pid : all_processes()) {
    const auto stat = process_stat(pid);
    if (stat) parents.emplace(pid, stat->parent);
  }
  return parents;
}

/// `pid`, its parent, and so on.
std::vector<pid_t> line_of(pid_t pid, const Parents& parents) {
  std::vector<pid_t> line;
  for (auto at = parents.find(pid); at != parents.end(); at = parents.find(at->second)) {
    if (std::ranges::find(line, at->first) != line.end()) break;  // /proc changed meanwhile
    line.push_back(at->first);
  }
  return line;
}

bool contains(const std::vector<pid_t>& pids, pid_t pid) {
  return std::ranges::find(pids, pid) != pids.end();
}

std::vector<std::uint64_t> unix_inodes(const SocketAddress& address) {
  std::vector<std::uint64_t> inodes;
  const auto listeners = unix_listeners();
  if (!listeners.ok()) return inodes;
  for (const auto& listener : listeners.value()) {
    if (is_at(listener, address)) inodes.push_back(listener.inode);
  }
  return inodes;
}

std::string name_of(const std::vector<SocketOwner>& owners) {
  std::vector<pid_t> pids;
  pids.reserve(owners.size());
  for (const auto& owner : owners) pids.push_back(owner.pid);
  return fmt::format("{} {} ({})", pids.size() == 1 ? "process" : "processes",
                     fmt::join(pids, ", "), printable(owners.front().name));
}

}  // namespace

std::vector<std::uint64_t> listener_inodes(const SocketAddress& address) {
  if (address.is_unix()) return unix_inodes(address);
  std::vector<std::uint64_t> inodes;
  auto table = SocketTable::open();
  if (!table.ok()) return inodes;
  const auto rows = table.value().listeners(address.port());
  if (!rows.ok()) return inodes;
  for (const auto& row : rows.value()) {
    if (takes(row, address)) inodes.push_back(row.inode);
  }
  return inodes;
}

std::optional<ObservedProcesses> ObservedProcesses::at(const SocketAddress& address) {
  std::map<pid_t, SocketOwner> found;  // a server may have several sockets there (SO_REUSEPORT)
  for (const auto inode : listener_inodes(address)) {
    for (auto& owner : owners_of(inode)) found.emplace(owner.pid, std::move(owner));
  }
  found.erase(::getpid());
  // It hands a service its socket and keeps a copy. In a container it may be the server itself.
  if (found.size() > 1) found.erase(kInit);
  if (found.empty()) return std::nullopt;
  std::vector<pid_t> holders;
  std::vector<SocketOwner> owners;
  for (auto& [pid, owner] : found) {
    holders.push_back(pid);
    owners.push_back(std::move(owner));
  }
  return ObservedProcesses(std::move(holders), name_of(owners));
}

std::vector<pid_t> ObservedProcesses::running() const {
  const auto parents = parents_of_all();
  const auto ours = line_of(::getpid(), parents);
  std::vector<pid_t> members;
  for (const auto& entry : parents) {
    const auto pid = entry.first;
    const auto line = line_of(pid, parents);
    // A program that serves and has launched us has launched more that is no part of its server.
    // What process 1 has adopted is none either.
    const auto is_server = [&](pid_t holder) {
      const bool whole_family = holder != kInit && !contains(ours, holder);
      return pid == holder || (whole_family && contains(line, holder));
    };
    if (std::ranges::any_of(holders_, is_server) && is_running(pid)) members.push_back(pid);
  }
  return members;
}

OsResult<int> ObservedProcesses::descriptors() const { return open_descriptors(running()); }

ProcessorUse ObservedProcesses::processor_use() const { return dialtone::processor_use(running()); }

}  // namespace dialtone
