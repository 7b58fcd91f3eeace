#pragma once

#include <string>
#include <vector>

#include "harness/model/diagnostic.hpp"

namespace dialtone {

/// Path of this program, without symbolic links.
std::string own_path();

/// Names of the suites that were installed with this program, sorted: "article", "robust". Looked
/// for from the program's own place, so that an installation may be moved. Empty in a build tree.
std::vector<std::string> installed_suites();

/// Their files and directories, in the same order.
std::vector<std::string> installed_suite_paths();

/// Names of the profiles that were installed with it, sorted: "nginx", "redis".
std::vector<std::string> installed_profiles();

/// Each of `paths` that exists as it is; in place of another one what is installed under that name
/// ("article", "article/closing", "scenarios/article"). What is neither is reported, with a hint.
/// An absolute path, or one with "." or ".." in it, is no name.
std::vector<std::string> find_suites(const std::vector<std::string>& paths,
                                     Diagnostics& diagnostics);

/// The file of the installed profile of that name; else `name` as it is.
std::string find_profile(const std::string& name);

}  // namespace dialtone
