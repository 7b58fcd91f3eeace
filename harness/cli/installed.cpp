#include "harness/cli/installed.hpp"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".json";

bool is_there(const fs::path& path) {
  std::error_code unreadable;
  return fs::exists(path, unreadable);
}

/// Where `cmake --install` puts suites and profiles, from the program's place.
fs::path share_directory() {
  return (fs::path(own_path()).parent_path() / DIALTONE_SHARE_FROM_BINARY).lexically_normal();
}

/// Names of the directories and of the "*.json" in a directory of the installation.
std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code missing;
  for (fs::directory_iterator entry(directory, missing), end; entry != end;
       entry.increment(missing)) {
    const auto name = entry->path().filename().string();
    std::error_code unreadable;
    if (entry->is_directory(unreadable)) names.push_back(name);
    if (name.ends_with(kSuffix) && !name.ends_with(".schema.json"))
      names.push_back(name.substr(0, name.size() - kSuffix.size()));
  }
  std::ranges::sort(names);
  return names;
}

/// Whether it may be the name of something installed: nothing that leads out of there.
bool is_name(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::ranges::none_of(path, [](const auto& part) { return part == "." || part == ".."; });
}

/// What of the installation has this name, below one of `places`.
std::optional<std::string> installed(const std::string& name,
                                     std::initializer_list<std::string_view> places) {
  if (!is_name(name)) return std::nullopt;
  for (const auto place : places) {
    for (const auto ending : {std::string_view(), kSuffix}) {
      const auto path = share_directory() / place / (name + std::string(ending));
      if (is_there(path)) return path.string();
    }
  }
  return std::nullopt;
}

}  // namespace

std::string own_path() {
  char path[PATH_MAX];
  const auto length = ::readlink("/proc/self/exe", path, sizeof path);
  if (length > 0) return {path, static_cast<std::size_t>(length)};
  // Where /proc is not mounted: as it was launched (man 3 getauxval).
  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how getauxval gives it.
  const auto* launched = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  return launched != nullptr && ::realpath(launched, path) != nullptr ? path : std::string();
}

std::vector<std::string> installed_suites() { return names_in(share_directory() / "scenarios"); }

std::vector<std::string> installed_suite_paths() {
  std::vector<std::string> paths;
  for (const auto& name : installed_suites())
    paths.push_back(installed(name, {"scenarios"}).value_or(name));
  return paths;
}

std::vector<std::string> installed_profiles() { return names_in(share_directory() / "profiles"); }

std::vector<std::string> find_suites(const std::vector<std::string>& paths,
                                     Diagnostics& diagnostics) {
  const auto known = installed_suites();
  std::vector<std::string> found;
  for (const auto& path : paths) {
    const auto of_installation =
        is_there(path) ? std::nullopt : installed(path, {"scenarios", std::string_view()});
    if (of_installation || known.empty() || is_there(path) || !is_name(path)) {
      found.push_back(of_installation.value_or(path));
    } else {
      diagnostics.push_back({{path},
                             "no such file or directory, and no suite of this name is installed",
                             suggest(path, known)});
    }
  }
  return found;
}

std::string find_profile(const std::string& name) {
  return is_there(name) ? name : installed(name, {"profiles"}).value_or(name);
}

}  // namespace dialtone
