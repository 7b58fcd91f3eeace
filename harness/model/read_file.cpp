#include "harness/model/read_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace dialtone {
namespace {

constexpr std::uintmax_t kLargestFile = 64 << 20;

}  // namespace

std::variant<std::string, FileProblem> read_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error == std::errc::not_supported) return FileProblem{"cannot read this: not a regular file"};
  if (error) return FileProblem{fmt::format("cannot read the file: {}", error.message())};
  if (size > kLargestFile) return FileProblem{"the file is larger than 64 MiB"};
  std::ifstream in(path, std::ios::binary);
  std::string text(size, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(size))) {
    return FileProblem{fmt::format("cannot read the file: {}", std::strerror(errno))};
  }
  return text;
}

}  // namespace dialtone
