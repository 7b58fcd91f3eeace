#include "harness/net/unix_table.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "harness/net/proc_text.hpp"
#include "harness/net/process_sockets.hpp"

namespace dialtone {
namespace {

constexpr auto kTable = "/proc/net/unix";
constexpr unsigned kAcceptsConnections = 0x10000;  // __SO_ACCEPTCON of <linux/net.h>

/// "Num RefCount Protocol Flags Type St Inode Path"; a path may hold spaces.
constexpr std::size_t kFlags = 3;
constexpr std::size_t kType = 4;
constexpr std::size_t kInode = 6;
constexpr std::size_t kFields = 7;

std::optional<UnixListener> listener_in(std::string_view line) {
  std::array<std::string_view, kFields> words;
  for (auto& word : words) word = take_word(line);
  const auto flags = parse_number<unsigned>(words[kFlags], 16);
  const auto type = parse_number<int>(words[kType], 16);
  const auto inode = parse_number<std::uint64_t>(words[kInode], 10);
  if (!flags || !type || !inode || line.size() < 2) return std::nullopt;
  if ((*flags & kAcceptsConnections) == 0 || *type != SOCK_STREAM) return std::nullopt;
  return UnixListener{std::string(line.substr(1)), *inode};
}

bool is_relative(const std::string& name) { return name.front() != '/' && name.front() != '@'; }

/// Adds those of `listeners` that this process holds.
std::optional<OsError> add_held(pid_t pid, const std::vector<UnixListener>& listeners,
                                std::vector<UnixListener>& held) {
  const auto inodes = socket_inodes(pid);
  if (!inodes.ok()) return inodes.error();
  for (auto listener : listeners) {
    if (!std::ranges::binary_search(inodes.value(), listener.inode)) continue;
    std::error_code none;
    const auto folder = std::filesystem::read_symlink(fmt::format("/proc/{}/cwd", pid), none);
    if (!none && is_relative(listener.name)) listener.name = (folder / listener.name).string();
    held.push_back(std::move(listener));
  }
  return std::nullopt;
}

}  // namespace

std::vector<UnixListener> unix_listeners_in(std::string_view table) {
  std::vector<UnixListener> listeners;
  while (!table.empty()) {
    const auto line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(line.size() + 1, table.size()));
    auto listener = listener_in(line);
    if (listener) listeners.push_back(std::move(*listener));
  }
  return listeners;
}

OsResult<std::vector<UnixListener>> unix_listeners() {
  std::ifstream file(kTable);
  if (!file) return os_error(fmt::format("cannot read {}", kTable), errno);
  return unix_listeners_in(std::string(std::istreambuf_iterator<char>(file), {}));
}

OsResult<std::vector<UnixListener>> unix_listeners_of(pid_t group) {
  auto all = unix_listeners();
  if (!all.ok() || all.value().empty()) return all;  // the walk through /proc is the dear part
  std::vector<UnixListener> held;
  std::optional<OsError> hidden;
  for (const auto pid : group_members(group)) {
    const auto problem = add_held(pid, all.value(), held);
    if (problem && problem->code != ENOENT) hidden = problem;  // ENOENT: it ended meanwhile
  }
  if (held.empty() && hidden) return *hidden;
  return held;
}

bool is_at(const UnixListener& listener, const SocketAddress& address) {
  const auto name = address.host();
  if (listener.name == name) return true;
  if (name.empty() || name.front() == '@' || listener.name.front() == '@') return false;
  struct stat one {};  // std::filesystem::equivalent does not compare sockets
  struct stat other {};
  return ::stat(listener.name.c_str(), &one) == 0 && ::stat(name.c_str(), &other) == 0 &&
         one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace dialtone
