#include "reports/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/model/plural.hpp"
#include "reports/display_width.hpp"
#include "reports/octet_text.hpp"

namespace dialtone {
namespace {

using Mark = DifferenceStyle::Mark;

constexpr std::string_view kExpectedLabel = "expected  ";
constexpr std::string_view kActualLabel = "actual    ";
static_assert(kExpectedLabel.size() == kActualLabel.size());

/// The octets [from, to) are shown; the one at `offset` is marked.
struct Window {
  std::size_t from;
  std::size_t to;
  std::size_t offset;
  Mark mark;
  Encoding encoding;
};

/// One side of the comparison, and where its mark goes (in columns).
struct Row {
  std::string text;
  std::size_t mark_column = 0;
  std::size_t mark_width = 0;
};

void append_marked(Row& row, std::string_view shown, const Window& window) {
  row.mark_column = display_width(row.text);
  row.mark_width = std::max<std::size_t>(display_width(shown), 1);
  const bool bars = window.mark == Mark::kBars;
  row.text += bars ? fmt::format("|{}|", shown) : std::string(shown);
}

std::string before_window(const Window& window) {
  return window.from == 0 ? "" : fmt::format("({} before) ", window.from);
}

std::string after_window(ByteView bytes, const Window& window) {
  return bytes.size() <= window.to ? "" : fmt::format(" ({} more)", bytes.size() - window.to);
}

Row hex_row(ByteView bytes, const Window& window) {
  Row row{.text = before_window(window)};
  const auto last = std::min(window.to, bytes.size());
  for (auto at = window.from; at < last; ++at) {
    if (at != window.from) row.text += ' ';
    const auto octet = to_hex(bytes.substr(at, 1));
    if (at == window.offset) {
      append_marked(row, octet, window);
    } else {
      row.text += octet;
    }
  }
  if (window.offset >= bytes.size()) {
    if (last > window.from) row.text += ' ';
    append_marked(row, "end", window);
  }
  row.text += after_window(bytes, window);
  return row;
}

Row text_row(ByteView bytes, const std::vector<Glyph>& shown, std::size_t marked,
             const Window& window) {
  Row row{.text = window.from == 0 ? "" : "..."};
  for (std::size_t index = 0; index < shown.size(); ++index) {
    if (index == marked) {
      append_marked(row, shown[index].shown, window);
    } else {
      row.text += shown[index].shown;
    }
  }
  if (marked >= shown.size()) append_marked(row, "", window);
  if (bytes.size() > window.to) row.text += "...";
  return row;
}

/// Index of the first character that differs. It may begin before the first octet that does: the
/// two may share the first octet of a character.
std::size_t first_different(const std::vector<Glyph>& left, const std::vector<Glyph>& right) {
  const auto same = [](const Glyph& a, const Glyph& b) {
    return a.length == b.length && a.shown == b.shown;
  };
  const auto [place, ignored] =
      std::mismatch(left.begin(), left.end(), right.begin(), right.end(), same);
  return static_cast<std::size_t>(place - left.begin());
}

Lines pair_of_rows(const Row& expected, const Row& actual, Mark mark) {
  Lines lines;
  lines.push_back({std::string(kExpectedLabel) + expected.text, Line::Tone::kExpected});
  lines.push_back({std::string(kActualLabel) + actual.text, Line::Tone::kActual});
  if (mark == Mark::kBars) return lines;
  // What stands before the mark is the same in both rows. Two carets at least: one is easily
  // missed.
  const auto width = std::max({expected.mark_width, actual.mark_width, std::size_t{2}});
  const auto column = kExpectedLabel.size() + actual.mark_column;
  lines.push_back({std::string(column, ' ') + std::string(width, '^'), Line::Tone::kMark});
  return lines;
}

}  // namespace

Lines render_difference(const ByteComparison& comparison, const DifferenceStyle& style) {
  const auto offset = comparison.offset;
  const Window window{.from = offset - std::min(offset, style.before),
                      .to = offset + style.after,
                      .offset = offset,
                      .mark = style.mark,
                      .encoding = comparison.encoding};
  const auto& expected = comparison.expected;
  const auto& actual = comparison.actual;
  Lines lines{
      {fmt::format("offset {}: {} expected, {} actual, text as {}", offset,
                   plural(expected.size(), "octet"), actual.size(), name_of(comparison.encoding))}};
  append(lines, pair_of_rows(hex_row(expected, window), hex_row(actual, window), style.mark));
  const auto expected_text = glyphs(window.encoding, expected, window.from, window.to);
  const auto actual_text = glyphs(window.encoding, actual, window.from, window.to);
  const auto marked = first_different(expected_text, actual_text);
  append(lines, pair_of_rows(text_row(expected, expected_text, marked, window),
                             text_row(actual, actual_text, marked, window), style.mark));
  return lines;
}

}  // namespace dialtone
