#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dialtone {

/// A file that grows by whole lines, each with one write(2): whatever becomes of this process, the
/// kernel has what was written before. An old file of the name is emptied; missing directories are
/// made. The first thing that fails ends the writing, so that no line stands behind a lost one.
class LineFile {
 public:
  explicit LineFile(std::string path);
  ~LineFile();
  LineFile(LineFile&& other) noexcept;
  LineFile& operator=(LineFile&&) = delete;

  /// With its LF.
  void write(std::string_view line);

  /// Some file systems tell only now that what was written is lost.
  void close();

  /// "cannot write PATH: text of the error (ENOSPC)"; nullopt where all was written.
  std::optional<std::string> problem() const;

 private:
  std::string path_;
  int descriptor_ = -1;
  int error_ = 0;
};

}  // namespace dialtone
