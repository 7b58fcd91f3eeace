#pragma once

#include <string>
#include <variant>

namespace dialtone {

struct FileProblem {
  std::string message;  ///< "cannot read the file: No such file or directory"
};

/// The whole of a regular file, at most 64 MiB.
std::variant<std::string, FileProblem> read_file(const std::string& path);

}  // namespace dialtone
