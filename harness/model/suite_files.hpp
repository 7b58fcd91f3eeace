#pragma once

#include <string>
#include <vector>

#include "harness/model/diagnostic.hpp"

namespace dialtone {

/// The suites that `path` means: itself, or where it is a directory every "*.json" below it,
/// sorted. Names that begin with a dot are left out, and "*.schema.json". A directory that cannot
/// be read, or that holds no suite, is reported.
std::vector<std::string> suite_files(const std::string& path, Diagnostics& diagnostics);

}  // namespace dialtone
