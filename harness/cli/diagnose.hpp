#pragma once

#include <string>
#include <string_view>

#include "harness/model/diagnostic.hpp"

namespace dialtone {

/// Writes every mistake to standard error, and how many there were.
void print_diagnostics(const Diagnostics& diagnostics);

/// "dialtone: message" and "  hint: hint" to standard error.
void print_error(std::string_view message, std::string_view hint = {});

}  // namespace dialtone
