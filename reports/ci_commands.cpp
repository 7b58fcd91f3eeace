#include "reports/ci_commands.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace dialtone {
namespace {

/// Whether `text` begins like "##[", "##vso[" or "##teamcity[".
bool is_bracket_command(std::string_view text) {
  if (!text.starts_with("##")) return false;
  const auto* const end = std::ranges::find_if_not(
      text.substr(2), [](unsigned char letter) { return std::isalnum(letter) != 0; });
  return end != text.end() && *end == '[';
}

void append_inert(std::string& inert, std::string_view line, const CiEscapes& escapes) {
  // GitHub's runner passes over any white space of Unicode, and what has no width: before the first
  // visible character of ASCII nothing counts.
  const auto begin = static_cast<std::size_t>(
      std::ranges::find_if(line, [](char c) { return c > ' ' && c < '\x7f'; }) - line.begin());
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto rest = line.substr(at);
    if (at == begin && rest.starts_with("::")) {
      inert += escapes.colon;
    } else if (is_bracket_command(rest)) {
      inert += escapes.number_sign;
    } else {
      inert += line[at];
    }
  }
}

}  // namespace

std::string without_ci_commands(std::string_view lines, const CiEscapes& escapes) {
  std::string inert;
  inert.reserve(lines.size());
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    const auto size = end == std::string_view::npos ? lines.size() : end + 1;
    append_inert(inert, lines.substr(0, size), escapes);
    lines.remove_prefix(size);
  }
  return inert;
}

}  // namespace dialtone
