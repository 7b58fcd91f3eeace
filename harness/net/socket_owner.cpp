#include "harness/net/socket_owner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/net/process_sockets.hpp"

namespace dialtone {
namespace {

std::optional<pid_t> pid_of(const std::string& name) {
  pid_t pid = 0;
  const auto* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data(), end, pid);
  return error == std::errc() && stop == end ? std::optional(pid) : std::nullopt;
}

std::string name_of_process(const std::filesystem::path& directory) {
  std::ifstream file(directory / "comm");
  std::string name;
  std::getline(file, name);
  return name;
}

std::vector<SocketOwner> owners_up_to(std::size_t most, std::uint64_t inode) {
  std::vector<SocketOwner> owners;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end;
       !error && entry != end && owners.size() < most; entry.increment(error)) {
    const auto pid = pid_of(entry->path().filename().string());
    if (!pid) continue;
    const auto inodes = socket_inodes(*pid);
    if (inodes.ok() && std::ranges::binary_search(inodes.value(), inode))
      owners.push_back({*pid, name_of_process(entry->path())});
  }
  return owners;
}

}  // namespace

std::optional<SocketOwner> owner_of(std::uint64_t inode) {
  auto owners = owners_up_to(1, inode);
  return owners.empty() ? std::nullopt : std::optional(std::move(owners.front()));
}

std::vector<SocketOwner> owners_of(std::uint64_t inode) {
  return owners_up_to(std::numeric_limits<std::size_t>::max(), inode);
}

std::string holder(std::uint64_t inode, const std::string& user) {
  const auto owner = owner_of(inode);
  if (!owner) return user.empty() ? "another program" : fmt::format("another program ({})", user);
  return fmt::format("process {} ({}{}{})", owner->pid, printable(owner->name),
                     user.empty() ? "" : ", ", user);
}

}  // namespace dialtone
