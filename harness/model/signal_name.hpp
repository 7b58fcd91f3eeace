#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dialtone {

/// "SIGTERM" or "TERM" as a number; nullopt where there is none of that name.
std::optional<int> find_signal(std::string_view name);

/// "SIGTERM"; "signal 77" where it has no name.
std::string signal_name(int signal);

}  // namespace dialtone
