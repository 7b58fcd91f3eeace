#include "harness/net/process_sockets.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>

#include "harness/net/proc_text.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

/// The N of "socket:[N]".
std::optional<std::uint64_t> inode_in(std::string_view link) {
  constexpr std::string_view before = "socket:[";
  if (!link.starts_with(before) || !link.ends_with(']')) return std::nullopt;
  link.remove_prefix(before.size());
  link.remove_suffix(1);
  return parse_number<std::uint64_t>(link);
}

/// The beginning of a file of /proc; empty where it cannot be read, as when the process has gone.
std::string read_stat(pid_t pid) {
  const UniqueFd file(::open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 512> text{};  // the fields wanted stand in the first hundred octets
  const auto size = file ? ::read(file.get(), text.data(), text.size()) : 0;
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

struct GroupInodes {
  std::vector<std::uint64_t> inodes;  ///< sorted
  std::optional<OsError> hidden;      ///< why a member could not be looked into
};

GroupInodes inodes_of_group(pid_t group) {
  GroupInodes all;
  for (const auto pid : group_members(group)) {
    const auto inodes = socket_inodes(pid);
    if (inodes.ok()) {
      all.inodes.insert(all.inodes.end(), inodes.value().begin(), inodes.value().end());
    } else if (inodes.error().code != ENOENT) {  // ENOENT: it ended meanwhile
      all.hidden = inodes.error();
    }
  }
  std::sort(all.inodes.begin(), all.inodes.end());
  return all;
}

}  // namespace

OsResult<std::vector<std::uint64_t>> socket_inodes(pid_t pid) {
  const auto path = fmt::format("/proc/{}/fd", pid);
  const Directory directory(::opendir(path.c_str()));
  if (!directory) return os_error("cannot read " + path, errno);
  std::vector<std::uint64_t> inodes;
  while (const auto* entry = ::readdir(directory.get())) {
    std::array<char, 64> link{};
    const auto size =
        ::readlinkat(::dirfd(directory.get()), entry->d_name, link.data(), link.size());
    if (size <= 0) continue;  // "." and "..", or closed meanwhile
    const auto inode = inode_in({link.data(), static_cast<std::size_t>(size)});
    if (inode) inodes.push_back(*inode);
  }
  std::sort(inodes.begin(), inodes.end());
  return inodes;
}

std::vector<pid_t> group_members(pid_t group) {
  std::vector<pid_t> members;
  const Directory directory(::opendir("/proc"));
  if (!directory) return members;
  while (const auto* entry = ::readdir(directory.get())) {
    const auto pid = parse_number<pid_t>(entry->d_name);
    if (pid && group_in_stat(read_stat(*pid)) == group) members.push_back(*pid);
  }
  return members;
}

OsResult<std::vector<SocketRow>> listeners_of(SocketTable& table, pid_t group, std::uint16_t port) {
  auto rows = table.listeners(port);
  if (!rows.ok() || rows.value().empty()) return rows;  // the walk through /proc is the dear part
  const auto held = inodes_of_group(group);
  std::erase_if(rows.value(), [&held](const SocketRow& row) {
    return !std::binary_search(held.inodes.begin(), held.inodes.end(), row.inode);
  });
  if (rows.value().empty() && held.hidden) return *held.hidden;
  return rows;
}

bool group_holds(pid_t group, std::uint64_t inode) {
  const auto held = inodes_of_group(group).inodes;
  return std::binary_search(held.begin(), held.end(), inode);
}

OsResult<std::optional<SocketRow>> listener_of(SocketTable& table, pid_t group,
                                               std::uint16_t port) {
  const auto rows = listeners_of(table, group, port);
  if (!rows.ok()) return rows.error();
  if (rows.value().empty()) return std::optional<SocketRow>();
  return std::optional(rows.value().front());
}

std::optional<pid_t> group_in_stat(std::string_view stat) {
  // "pid (name) state parent group ...": the name ends at the last parenthesis.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  stat.remove_prefix(name_end + 1);
  for (int field = 0; field < 2; ++field) {
    if (stat.empty()) return std::nullopt;
    stat.remove_prefix(std::min(stat.find(' ', 1), stat.size()));
  }
  if (stat.empty()) return std::nullopt;
  stat.remove_prefix(1);
  return parse_number<pid_t>(stat.substr(0, stat.find(' ')));
}

}  // namespace dialtone
