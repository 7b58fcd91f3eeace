#include "harness/cli/octet_escapes.hpp"

#include <fmt/format.h>

#include <optional>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kNames = "nrt0\\";
constexpr std::string_view kOctets{"\n\r\t\0\\", 5};

/// The octet that the escape after `at`'s backslash means; moves `at` behind it.
std::optional<char> escaped(std::string_view typed, std::size_t& at) {
  if (at == typed.size()) return std::nullopt;
  if (const auto known = kNames.find(typed[at]); known != std::string_view::npos) {
    ++at;
    return kOctets[known];
  }
  if (typed[at] != 'x' || typed.size() - at < 3) return std::nullopt;
  const auto octet = from_hex(typed.substr(at + 1, 2));
  if (!octet || octet->size() != 1) return std::nullopt;
  at += 3;
  return octet->front();
}

}  // namespace

std::variant<Unescaped, std::string> unescape(std::string_view typed) {
  Unescaped result;
  for (std::size_t at = 0; at < typed.size();) {
    if (typed[at] != '\\') {
      result.octets += typed[at++];
      continue;
    }
    const auto begin = at++;
    const auto octet = escaped(typed, at);
    if (!octet)
      return fmt::format("'{}' is no escape; there are \\n, \\r, \\t, \\0, \\\\ and \\xNN",
                         printable(typed.substr(begin, typed.substr(at, 1) == "x" ? 4 : 2)));
    result.octets += *octet;
  }
  return result;
}

}  // namespace dialtone
