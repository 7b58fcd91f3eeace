#include "reports/cap.hpp"

#include <fmt/format.h>

#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kMarkerLength = 64;  // room for its text and a number of 20 digits

/// The last place not after `at` where a character begins.
std::size_t boundary_before(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && is_utf8_continuation(text[at])) --at;
  return at;
}

std::string join(std::string_view head, std::size_t left_out, std::string_view tail) {
  const auto marker = plural(left_out, "octet") + " left out";
  return fmt::format("{}\n[... {} ...]\n{}", head, marker, tail);
}

}  // namespace

std::string cap_middle(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  const auto half = (limit - kMarkerLength) / 2;
  const auto head = boundary_before(text, half);
  auto tail = text.size() - half;
  while (tail < text.size() && is_utf8_continuation(text[tail])) ++tail;
  return join(text.substr(0, head), tail - head, text.substr(tail));
}

std::string cap_end(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  return std::string(text.substr(0, boundary_before(text, limit - 3))) + "...";
}

std::string printable_lines(std::string_view octets, std::size_t limit) {
  // Cut first: what a peer sends may be many times the limit, and each octet may become four.
  const auto cut = cap_middle(octets, limit);
  return cap_middle(printable(cut, {.keep_lines = true, .escape_backslash = false}), limit);
}

}  // namespace dialtone
