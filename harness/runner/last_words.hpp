#pragma once

#include <string>

#include "harness/net/process.hpp"

namespace dialtone {

/// "; it printed: ...": the end of what it printed on its standard error, or else on its standard
/// output, for a message; empty where it printed nothing.
std::string last_words(const Process& process);

}  // namespace dialtone
