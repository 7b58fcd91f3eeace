#include "reports/display_width.hpp"

#include <algorithm>

#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Blocks rather than single characters: what is unassigned inside them does not reach a terminal.
constexpr Range kWide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
    {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd},
};
constexpr Range kCombining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0x302a, 0x302d},
    {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

template <std::size_t N>
bool is_in(const Range (&ranges)[N], char32_t code_point) {
  return std::ranges::any_of(ranges, [&](const Range& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

std::size_t columns_of(char32_t code_point) {
  if (code_point < 0x0300) return 1;
  if (is_in(kCombining, code_point)) return 0;
  return is_in(kWide, code_point) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = decode_utf8(text, at);
    columns += character ? columns_of(character->code_point) : 1;
    at += character ? character->length : 1;
  }
  return columns;
}

}  // namespace dialtone
