#include "harness/model/json_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "harness/model/printable.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kLongestQuote = 40;  // octets of the file in one message

bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}
bool is_word(char letter) {
  return is_letter(letter) || is_ascii_digit(letter) || letter == '_' || letter == '+' ||
         letter == '-' || letter == '.';
}

std::string lower_case(std::string_view word) {
  std::string lower(word);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

/// Why a word that begins like a number is none.
std::string number_hint(std::string_view word) {
  if (word.front() == '+') return "remove the '+'";
  if (word.front() == '.') return fmt::format("write 0{}", shortened(word));
  const std::string_view digits = word.substr(word.front() == '-' ? 1 : 0);
  const bool leading_zero = digits.size() > 1 && digits[0] == '0';
  if (leading_zero && (digits[1] == 'x' || digits[1] == 'X')) return "write the number in decimal";
  if (leading_zero && is_ascii_digit(digits[1])) return "remove the zeros in front";
  if (std::any_of(digits.begin(), digits.end(), is_letter)) {
    return fmt::format("a value with a unit stands in double quotes: \"{}\"", shortened(word));
  }
  return "a number looks like 12, -0.5 or 1e6";
}

std::size_t skip_digits(std::string_view word, std::size_t at) {
  while (at < word.size() && is_ascii_digit(word[at])) ++at;
  return at;
}

/// Behind the fraction at `at`, or `at` where there is none; nullopt where it has no digits.
std::optional<std::size_t> skip_fraction(std::string_view word, std::size_t at) {
  if (at == word.size() || word[at] != '.') return at;
  const std::size_t end = skip_digits(word, at + 1);
  return end > at + 1 ? std::optional(end) : std::nullopt;
}

/// The same for an exponent: e+10, E5.
std::optional<std::size_t> skip_exponent(std::string_view word, std::size_t at) {
  if (at == word.size() || (word[at] != 'e' && word[at] != 'E')) return at;
  ++at;
  if (at < word.size() && (word[at] == '+' || word[at] == '-')) ++at;
  const std::size_t end = skip_digits(word, at);
  return end > at ? std::optional(end) : std::nullopt;
}

}  // namespace

bool is_json_literal(std::string_view word) {
  return word == "true" || word == "false" || word == "null";
}

std::string json_word_hint(std::string_view word) {
  if (word.empty() || !is_letter(word.front()) || is_json_literal(word)) return "";
  const std::string lower = lower_case(word);
  if (is_json_literal(lower)) return fmt::format("write '{}', in lower case", lower);
  if (lower == "none" || lower == "nil" || lower == "undefined") return "write 'null'";
  if (lower == "nan" || lower == "inf" || lower == "infinity") return "JSON has no such number";
  return fmt::format("text stands in double quotes: \"{}\"", shortened(word));
}

std::string shortened(std::string_view text) {
  if (text.size() <= kLongestQuote) return printable(text);
  std::size_t end = kLongestQuote;
  while (end > 0 && is_utf8_continuation(text[end])) --end;
  return printable(text.substr(0, end)) + "...";
}

std::string_view json_word(std::string_view text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), is_word);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool is_json_number(std::string_view word) {
  const std::size_t at = word.starts_with('-') ? 1 : 0;
  const std::size_t whole = skip_digits(word, at);
  if (whole == at || (word[at] == '0' && whole > at + 1)) return false;
  const auto fraction = skip_fraction(word, whole);
  const auto exponent = fraction ? skip_exponent(word, *fraction) : std::nullopt;
  return exponent == word.size();
}

Diagnostic explain_json_number(std::string_view file, Position position, std::string_view word) {
  const std::string quoted = shortened(word);
  if (!is_json_number(word)) {
    return {locate(file, position), fmt::format("'{}' is not a JSON number", quoted),
            number_hint(word)};
  }
  if (word.find_first_of(".eE") == std::string_view::npos) {
    return {locate(file, position), fmt::format("the number {} does not fit into 64 bits", quoted),
            "whole numbers go from -9223372036854775808 to 9223372036854775807"};
  }
  return {locate(file, position),
          fmt::format("the number {} does not fit into a floating-point number", quoted),
          "its magnitude must lie between about 5e-324 and 1.7e308"};
}

Diagnostic explain_json_literal(std::string_view file, Position position, std::string_view word) {
  return {locate(file, position), fmt::format("expected a value, found '{}'", shortened(word)),
          json_word_hint(word)};
}

}  // namespace dialtone
