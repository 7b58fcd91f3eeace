#pragma once

#include <string>
#include <string_view>

namespace dialtone {

/// A file's name as reports show it: with forward slashes, without a leading "./", and relative to
/// `root` (empty: the current directory) where it lies below it; else as it was given. Purely
/// lexical, so that the file need not exist any more.
std::string report_path(std::string_view file, std::string_view root = {});

}  // namespace dialtone
