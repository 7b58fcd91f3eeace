#include "reports/line_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/model/errno_name.hpp"
#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr mode_t kReadWriteForAll = 0666;  // less the umask

int create_parent(const std::filesystem::path& path) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  return error.value();
}

}  // namespace

LineFile::LineFile(std::string path) : path_(std::move(path)), error_(create_parent(path_)) {
  if (error_ != 0) return;
  // Appending: two runs that share a file by mistake do not write over each other's lines.
  descriptor_ =
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, kReadWriteForAll);
  if (descriptor_ < 0) error_ = errno;
}

LineFile::~LineFile() { close(); }

LineFile::LineFile(LineFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      error_(other.error_) {}

void LineFile::write(std::string_view line) {
  while (error_ == 0 && !line.empty()) {
    const auto written = ::write(descriptor_, line.data(), line.size());
    if (written >= 0) {
      line.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
}

void LineFile::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor >= 0 && ::close(descriptor) != 0 && error_ == 0) error_ = errno;
}

std::optional<std::string> LineFile::problem() const {
  if (error_ == 0) return std::nullopt;
  return fmt::format("cannot write {}: {} ({})", printable(path_),
                     std::generic_category().message(error_), errno_name(error_));
}

}  // namespace dialtone
