#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dialtone {

/// "ECONNREFUSED" for its number (errno(3)); "errno 4711" where the number has no name.
std::string errno_name(int error);

/// The number of an error that a socket call can return, by its name; nullopt for any other word.
std::optional<int> find_errno(std::string_view name);

}  // namespace dialtone
