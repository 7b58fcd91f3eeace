#pragma once

#include <string>

#include "harness/model/json_source.hpp"

namespace dialtone {

/// The value as JSON on one line, in the file's order of keys: {"expect": "thank you !"}. Comments
/// are gone.
std::string to_line(const JsonNode& node);

}  // namespace dialtone
