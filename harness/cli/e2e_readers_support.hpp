#pragma once

#include <optional>
#include <string>

#include "harness/cli/e2e_support.hpp"

/// Programs of others that read our reports.
namespace dialtone {

inline const std::string kReaders = DIALTONE_SOURCE_DIR "/ci/readers/";
inline const std::string kPackages = DIALTONE_SOURCE_DIR "/ci/readers/node_modules";

/// The path of a program of npm; it need not be there.
std::string npm(const std::string& program);

/// Runs a reader to its end. nullopt where the program is not installed.
std::optional<ProgramResult> read_with(const Words& argv, Bytes input = {});

}  // namespace dialtone
