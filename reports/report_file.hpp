#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace dialtone {

/// Writes `path` as a whole: to a temporary file beside it, which then takes its name (rename(2)),
/// so that a reader, or a later run, never meets half a report. Missing directories are made; a
/// symbolic link is followed; what is no regular file (a pipe, /dev/stderr) is written in place.
/// Where it fails, or `write` throws, the old file stays as it was. nullopt on success, else
/// "cannot write PATH: text of the error (ENOSPC)".
std::optional<std::string> replace_file(const std::string& path,
                                        const std::function<void(std::ostream&)>& write);

/// Adds to the end of `path`, which is made where there is none, with its directories. What was
/// there stays. Answers as replace_file() does.
std::optional<std::string> append_to_file(const std::string& path,
                                          const std::function<void(std::ostream&)>& write);

}  // namespace dialtone
