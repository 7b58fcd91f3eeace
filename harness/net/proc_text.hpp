#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

/// What the files of /proc are made of (man 5 proc).
namespace dialtone {

/// All of `text` is a number in this base, without a sign for unsigned types; else nullopt.
template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

/// The next word, taken off `line` with the spaces before it; empty where there is none.
inline std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace dialtone
