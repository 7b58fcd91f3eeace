#include "harness/net/process_observation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

#include "harness/net/proc_text.hpp"
#include "harness/net/process_sockets.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

namespace fs = std::filesystem;

/// The words of a line, which single spaces part.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto end = std::min(line.find_first_of(" \n"), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

/// A short file of /proc; empty where it cannot be read, as when the process has gone.
std::string read_short(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> text{};
  const auto size = file ? ::read(file.get(), text.data(), text.size()) : 0;
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

std::optional<ProcessStat> stat_at(const std::string& folder) {
  static const long ticks = ::sysconf(_SC_CLK_TCK);
  return parse_process_stat(read_short(folder + "/stat"), ticks);
}

/// The names in a folder of /proc that are numbers; what went wrong is in `error`.
std::vector<int> numbers_in(const std::string& folder, std::error_code& error) {
  std::vector<int> numbers;
  fs::directory_iterator entry(folder, error);
  while (!error && entry != fs::directory_iterator()) {
    const auto number = parse_number<int>(entry->path().filename().native());
    if (number) numbers.push_back(*number);
    entry.increment(error);
  }
  return numbers;
}

std::vector<int> threads_of(pid_t pid) {
  std::error_code gone;
  return numbers_in(fmt::format("/proc/{}/task", pid), gone);
}

/// Whether this holds of all its threads; of a process that has gone: false.
bool holds_of_all_threads(pid_t pid, const std::function<bool(const ProcessStat&)>& holds) {
  const auto threads = threads_of(pid);
  const auto holds_of = [&](int thread) {
    const auto stat = stat_at(fmt::format("/proc/{}/task/{}", pid, thread));
    return !stat || holds(*stat);  // one that has gone meanwhile does nothing any more
  };
  return !threads.empty() && std::ranges::all_of(threads, holds_of);
}

bool is_all(pid_t pid, char state) {
  return holds_of_all_threads(pid, [state](const auto& stat) { return stat.state == state; });
}

/// The descriptors of a process, in order. ENOENT or ESRCH: it has ended.
OsResult<std::vector<int>> descriptors_of(pid_t pid) {
  const auto folder = fmt::format("/proc/{}/fd", pid);
  std::error_code error;
  auto numbers = numbers_in(folder, error);
  if (error) return os_error("cannot read " + folder, error.value());
  std::ranges::sort(numbers);
  return numbers;
}

bool has_ended(const OsError& error) { return error.code == ENOENT || error.code == ESRCH; }

OsError nobody(pid_t group) {
  return os_error(fmt::format("no process of group {} runs", group), ESRCH);
}

/// The smallest limit below which exactly `room` numbers are free: a limit is no count, it bounds
/// the numbers that a descriptor may get (man 2 getrlimit).
rlim_t limit_that_leaves(int room, const std::vector<int>& held) {
  int limit = 0;
  auto next = held.begin();
  for (int free = 0; free < room; ++limit) {
    const bool taken = next != held.end() && *next == limit;
    if (taken) ++next;
    if (!taken) ++free;
  }
  // Those that follow without a gap are held: above them the limit means the same, and poll(2) does
  // not refuse a set of as many descriptors as are open (EINVAL).
  while (next != held.end() && *next == limit) {
    ++next;
    ++limit;
  }
  return static_cast<rlim_t>(limit);
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view stat, long ticks) {
  // "pid (name) state ppid pgrp ...", flags is field 9, utime 14, cstime 17: the name ends at the
  // last parenthesis.
  constexpr std::size_t parent_at = 1;
  constexpr std::size_t group_at = 2;
  constexpr std::size_t flags_at = 6;
  constexpr std::uint32_t exiting = 0x4;  // PF_EXITING of the kernel's sched.h
  constexpr std::size_t user_time_at = 11;
  constexpr std::size_t times = 4;  // utime, stime, cutime, cstime
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  const auto words = words_of(stat.substr(name_end + 1));
  if (words.size() < user_time_at + times || words[0].size() != 1) return std::nullopt;
  const auto parent = parse_number<pid_t>(words[parent_at]);
  const auto group = parse_number<pid_t>(words[group_at]);
  const auto flags = parse_number<std::uint32_t>(words[flags_at]);
  if (!parent || !group || !flags || ticks <= 0) return std::nullopt;
  std::int64_t used = 0;
  for (std::size_t field = user_time_at; field < user_time_at + times; ++field) {
    const auto time = parse_number<std::int64_t>(words[field]);
    if (!time) return std::nullopt;
    used += *time;
  }
  constexpr std::int64_t second = 1'000'000'000;
  return ProcessStat{words[0].front(), *parent, *group, (*flags & exiting) != 0,
                     std::chrono::nanoseconds(used * (second / ticks))};
}

std::optional<ProcessStat> process_stat(pid_t pid) { return stat_at(fmt::format("/proc/{}", pid)); }

bool is_running(pid_t pid) {
  const auto stat = process_stat(pid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

std::vector<pid_t> all_processes() {
  std::error_code hidden;
  return numbers_in("/proc", hidden);
}

std::vector<pid_t> running_members(pid_t group) {
  auto members = group_members(group);
  std::erase_if(members, [](pid_t pid) { return !is_running(pid); });
  return members;
}

OsResult<int> descriptors_of_group(pid_t group) {
  const auto members = running_members(group);
  return members.empty() ? nobody(group) : open_descriptors(members);
}

OsResult<int> open_descriptors(const std::vector<pid_t>& processes) {
  if (processes.empty()) return os_error("no process of it runs", ESRCH);
  int sum = 0;
  for (const auto pid : processes) {
    const auto held = descriptors_of(pid);
    if (held.ok()) {
      sum += static_cast<int>(held.value().size());
    } else if (!has_ended(held.error())) {
      return held.error();
    }
  }
  return sum;
}

bool is_stopped(pid_t pid) { return is_all(pid, 'T'); }

bool is_exiting(pid_t pid) {
  return holds_of_all_threads(pid, [](const auto& stat) { return stat.exiting; });
}

bool is_waiting(pid_t pid) { return is_all(pid, 'S'); }

ProcessorUse processor_use(pid_t group) { return processor_use(group_members(group)); }

ProcessorUse processor_use(const std::vector<pid_t>& processes) {
  ProcessorUse use;
  for (const auto pid : processes) {
    const auto stat = process_stat(pid);
    if (stat) use.used += stat->processor_time;
    for (const int thread : threads_of(pid)) {
      // "time on a processor, time that it waited for one, number of turns", in ns. A kernel
      // without CONFIG_SCHED_INFO has no such file.
      const auto text = read_short(fmt::format("/proc/{}/task/{}/schedstat", pid, thread));
      const auto words = words_of(text);
      const auto waited = words.size() < 2 ? 0 : parse_number<std::int64_t>(words[1]).value_or(0);
      use.waited += std::chrono::nanoseconds(waited);
    }
  }
  return use;
}

std::optional<OsError> DescriptorLimits::leave_room(pid_t group, int room) {
  const auto members = running_members(group);
  if (members.empty()) return nobody(group);
  for (const auto pid : members) {
    const auto held = descriptors_of(pid);
    if (!held.ok() && has_ended(held.error())) continue;
    if (!held.ok()) return held.error();
    if (auto error = set_one(pid, limit_that_leaves(room, held.value()))) return error;
  }
  return std::nullopt;
}

std::optional<OsError> DescriptorLimits::set(pid_t group, int limit) {
  const auto members = running_members(group);
  if (members.empty()) return nobody(group);
  for (const auto pid : members) {
    if (auto error = set_one(pid, static_cast<rlim_t>(limit))) return error;
  }
  return std::nullopt;
}

std::optional<OsError> DescriptorLimits::restore() {
  const auto before = std::exchange(before_, {});
  for (const auto& [pid, limit] : before) {
    if (auto error = set_one(pid, limit)) return error;
  }
  before_.clear();
  return std::nullopt;
}

std::optional<OsError> DescriptorLimits::set_one(pid_t pid, rlim_t limit) {
  rlimit both{};
  if (::prlimit(pid, RLIMIT_NOFILE, nullptr, &both) == 0) {
    before_.emplace(pid, both.rlim_cur);  // the first one stays
    both.rlim_cur = std::min(limit, both.rlim_max);
    if (::prlimit(pid, RLIMIT_NOFILE, &both, nullptr) == 0) return std::nullopt;
  }
  if (errno == ESRCH) return std::nullopt;  // it has ended meanwhile
  return os_error(fmt::format("cannot limit the descriptors of process {} (prlimit)", pid), errno);
}

}  // namespace dialtone
