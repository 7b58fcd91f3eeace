#include "reports/report_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <streambuf>
#include <system_error>

#include "harness/model/errno_name.hpp"
#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kReadWriteForAll = 0666;  // less the umask

/// Owns a descriptor and buffers what is written to it. Keeps the first errno: std::ofstream would
/// forget it.
class FileBuffer : public std::streambuf {
 public:
  FileBuffer(const std::string& path, int flags)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, kReadWriteForAll)) {
    if (descriptor_ < 0) error_ = errno;
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }
  ~FileBuffer() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileBuffer(const FileBuffer&) = delete;
  FileBuffer& operator=(const FileBuffer&) = delete;

  bool is_open() const { return descriptor_ >= 0; }

  /// Flushes and closes; errno of the first thing that failed since the beginning, or 0.
  int finish() {
    sync();
    if (descriptor_ >= 0 && ::close(descriptor_) != 0 && error_ == 0) error_ = errno;
    descriptor_ = -1;
    return error_;
  }

 protected:
  int sync() override {
    const char* from = pbase();
    while (error_ == 0 && from < pptr()) {
      const auto written = ::write(descriptor_, from, static_cast<std::size_t>(pptr() - from));
      if (written >= 0) {
        from += written;
      } else if (errno != EINTR) {
        error_ = errno;
      }
    }
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return error_ == 0 ? 0 : -1;
  }

  int_type overflow(int_type character) override {
    if (sync() != 0) return traits_type::eof();
    if (!traits_type::eq_int_type(character, traits_type::eof()))
      sputc(traits_type::to_char_type(character));
    return traits_type::not_eof(character);
  }

 private:
  int descriptor_;
  int error_ = 0;
  std::array<char, 65536> buffer_;
};

/// A file that is removed again unless it was kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& beside)
      : path_(fmt::format("{}.{}.tmp", beside, ::getpid())) {
    // A killed run may have left one: in containers the process ids repeat.
    ::unlink(path_.c_str());
  }
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

  /// errno, or 0.
  int rename_to(const std::string& target) {
    if (std::rename(path_.c_str(), target.c_str()) != 0) return errno;
    path_.clear();
    return 0;
  }

 private:
  std::string path_;
};

int write_to(const std::string& path, int flags, const std::function<void(std::ostream&)>& write) {
  FileBuffer buffer(path, flags);
  std::ostream out(&buffer);
  if (buffer.is_open()) write(out);
  return buffer.finish();
}

int replace(const std::string& path, const std::function<void(std::ostream&)>& write) {
  TemporaryFile temporary(path);
  const int error = write_to(temporary.path(), O_CREAT | O_EXCL, write);
  return error != 0 ? error : temporary.rename_to(path);
}

int create_parent(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  return error.value();
}

/// Where the name leads in the end: a rename onto a symbolic link would replace the link.
std::string resolve(const std::string& path) {
  std::error_code error;
  const auto target = fs::canonical(path, error);
  return error ? path : target.string();
}

/// nullopt for no error.
std::optional<std::string> told(const std::string& path, int error) {
  if (error == 0) return std::nullopt;
  return fmt::format("cannot write {}: {} ({})", printable(path),
                     std::generic_category().message(error), errno_name(error));
}

}  // namespace

std::optional<std::string> replace_file(const std::string& path,
                                        const std::function<void(std::ostream&)>& write) {
  std::error_code ignored;
  const auto target = resolve(path);
  const auto type = fs::status(target, ignored).type();
  const bool in_place = type != fs::file_type::not_found && type != fs::file_type::regular;
  int error = create_parent(target);
  if (error == 0) error = in_place ? write_to(target, 0, write) : replace(target, write);
  return told(path, error);
}

std::optional<std::string> append_to_file(const std::string& path,
                                          const std::function<void(std::ostream&)>& write) {
  int error = create_parent(path);
  if (error == 0) error = write_to(path, O_CREAT | O_APPEND, write);
  return told(path, error);
}

}  // namespace dialtone
