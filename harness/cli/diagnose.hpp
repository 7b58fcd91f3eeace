#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "harness/model/diagnostic.hpp"
#include "harness/model/secrets.hpp"

namespace dialtone {

/// From now on nothing that the functions below write shows one of these; nullptr: there is none.
void mask_messages(std::shared_ptr<const Secrets> secrets);

/// Writes every mistake to standard error, how many there were, and what came of them.
void print_diagnostics(const Diagnostics& diagnostics,
                       std::string_view consequence = "nothing was run");

/// Writes what is likely to be a mistake to standard error; it stops nothing.
void print_warnings(const Diagnostics& warnings);

/// "dialtone: message" and "  hint: hint" to standard error.
void print_error(std::string_view message, std::string_view hint = {});

}  // namespace dialtone
