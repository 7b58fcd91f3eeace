#pragma once

#include <string>
#include <string_view>

#include "harness/model/diagnostic.hpp"
#include "harness/model/json_source.hpp"

namespace dialtone {

constexpr bool is_ascii_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// `text`, made printable and, where it is long, cut with "..." at the end: what a message quotes
/// from a file.
std::string shortened(std::string_view text);

/// The word at the beginning of `text`: all that a person would take for one number or literal
/// ("1.5.2", "0x1F").
std::string_view json_word(std::string_view text);

/// True for a number of RFC 8259 section 6, which "01", "+1", ".5" and "1." are not.
bool is_json_number(std::string_view word);

/// Why `word`, which begins like a number, is none, or none that fits.
Diagnostic explain_json_number(std::string_view file, Position position, std::string_view word);

/// The same for a word that only begins with true, false or null.
Diagnostic explain_json_literal(std::string_view file, Position position, std::string_view word);

/// True for true, false and null.
bool is_json_literal(std::string_view word);

/// What a word was meant to be that stands where a value may; empty where it is no word or a
/// literal.
std::string json_word_hint(std::string_view word);

}  // namespace dialtone
