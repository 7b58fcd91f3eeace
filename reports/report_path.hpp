#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/report_format.hpp"

namespace dialtone {

/// Of GitLab and of GitHub Actions: the repository's root.
inline constexpr std::array<std::string_view, 2> kRepositoryVariables{"CI_PROJECT_DIR",
                                                                      "GITHUB_WORKSPACE"};

/// A file's name as reports show it: with forward slashes, without a leading "./", and relative to
/// `root` (empty: the current directory) where it lies below it; else as it was given. Purely
/// lexical, so that the file need not exist any more.
std::string report_path(std::string_view file, std::string_view root = {});

/// The files that other reports make of the run's result `index`, as the options want them named.
std::vector<std::string> attachment_paths(const ReportOptions& options, std::size_t index);

}  // namespace dialtone
