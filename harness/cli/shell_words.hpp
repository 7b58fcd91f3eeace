#pragma once

#include <string>
#include <string_view>

namespace dialtone {

/// The word as a POSIX shell must be given it: quoted where it has to be.
std::string shell_word(std::string_view word);

}  // namespace dialtone
