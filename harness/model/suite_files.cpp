#include "harness/model/suite_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace dialtone {
namespace {

bool is_hidden(const std::filesystem::path& path) {
  return path.filename().string().starts_with('.');
}

bool is_suite_file(const std::filesystem::path& path) {
  const auto name = path.filename().string();
  return name.ends_with(".json") && !name.ends_with(".schema.json") && !is_hidden(path);
}

/// Files below `directory`, sorted, so that a run's order does not depend on the file system's.
std::vector<std::string> files_below(const std::filesystem::path& directory,
                                     std::error_code& error) {
  std::vector<std::string> files;
  std::filesystem::recursive_directory_iterator entry(directory, error);
  const std::filesystem::recursive_directory_iterator end;
  while (!error && entry != end) {
    std::error_code unknown;  // whatever cannot be looked at is tried as a file, and then reported
    const bool is_directory = entry->is_directory(unknown);
    if (is_directory && is_hidden(entry->path())) entry.disable_recursion_pending();
    if (!is_directory && is_suite_file(entry->path())) files.push_back(entry->path().string());
    entry.increment(error);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<std::string> suite_files(const std::string& path, Diagnostics& diagnostics) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return {path};
  auto files = files_below(path, error);
  if (error)
    diagnostics.push_back({SourceLocation{path, 0, 0},
                           fmt::format("cannot read the directory: {}", error.message()),
                           {}});
  if (files.empty() && !error) {
    diagnostics.push_back({SourceLocation{path, 0, 0}, "no suite in this directory",
                           "a suite is a file that ends in '.json'"});
  }
  return files;
}

}  // namespace dialtone
