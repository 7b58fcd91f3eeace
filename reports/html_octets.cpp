#include "reports/html_octets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/model/plural.hpp"
#include "reports/octet_text.hpp"

namespace dialtone::html {
namespace {

constexpr std::size_t kRow = 8;         // octets
constexpr std::size_t kRowsBefore = 2;  // the row of the first difference
constexpr std::size_t kRowsFromIt = 6;

/// How an octet or a character stands to the other side.
enum class Stand { kSame, kFirst, kDiffers };

/// One side of the comparison: its octets, and its characters that begin in the window.
struct Side {
  ByteView bytes;
  ByteView other;
  std::vector<Glyph> glyphs;
};

void write_stand(HtmlWriter& html, Stand stand, std::string_view shown) {
  switch (stand) {
    case Stand::kSame: html.text(shown); return;
    case Stand::kFirst: html.element("mark", fmt::format("|{}|", shown)); return;
    case Stand::kDiffers: html.element("span", shown, {{"class", "differs"}}); return;
  }
}

Stand stand_of(const Side& side, std::size_t from, std::size_t length, std::size_t first) {
  if (first >= from && first < from + length) return Stand::kFirst;
  if (from < first) return Stand::kSame;
  const bool same = side.bytes.substr(from, length) ==
                    (from < side.other.size() ? side.other.substr(from, length) : ByteView());
  return same ? Stand::kSame : Stand::kDiffers;
}

void write_hex_cell(HtmlWriter& html, const Side& side, std::size_t row, std::size_t first) {
  html.open("td", {{"class", "hex"}});
  html.open("code");
  const auto last = std::min(row + kRow, side.bytes.size());
  for (auto at = row; at < last; ++at) {
    if (at != row) html.text(" ");
    write_stand(html, stand_of(side, at, 1, first), to_hex(side.bytes.substr(at, 1)));
  }
  const bool ends_here = first == side.bytes.size() && first >= row && first < row + kRow;
  if (ends_here) {
    if (last > row) html.text(" ");
    write_stand(html, Stand::kFirst, "end");
  }
  html.close();
  html.close();
}

void write_text_cell(HtmlWriter& html, const Side& side, std::size_t row, std::size_t first) {
  html.open("td", {{"class", "text"}});
  html.open("bdi");
  for (const auto& glyph : side.glyphs) {
    if (glyph.offset < row || glyph.offset >= row + kRow) continue;
    write_stand(html, stand_of(side, glyph.offset, glyph.length, first), glyph.shown);
  }
  html.close();
  html.close();
}

void write_head(HtmlWriter& html, Encoding encoding) {
  html.open("thead");
  html.open("tr");
  html.element("th", "Offset", {{"scope", "col"}, {"rowspan", "2"}});
  html.element("th", "Expected", {{"scope", "colgroup"}, {"colspan", "2"}});
  html.element("th", "Actual", {{"scope", "colgroup"}, {"colspan", "2"}});
  html.close();
  html.open("tr");
  for (int side = 0; side < 2; ++side) {
    html.element("th", "hex", {{"scope", "col"}});
    html.element("th", fmt::format("text ({})", name_of(encoding)), {{"scope", "col"}});
  }
  html.close();
  html.close();
}

void write_left_out(HtmlWriter& html, std::string_view note) {
  html.open("tr", {{"class", "left-out"}});
  html.element("td", note, {{"colspan", "5"}});
  html.close();
}

std::size_t rest_of(ByteView bytes, std::size_t to) {
  return bytes.size() - std::min(bytes.size(), to);
}

}  // namespace

void write_payload_cells(HtmlWriter& html, ByteView bytes, Encoding encoding) {
  const auto length = std::min(bytes.size(), kPayloadLimit);
  const auto more = bytes.size() - length;
  html.open("td", {{"class", "hex"}});
  html.element("code", to_hex(bytes.substr(0, length)));
  if (more > 0) html.element("small", fmt::format(" ({} more)", more));
  html.close();
  html.open("td", {{"class", "text"}});
  html.element("bdi", shown_text(glyphs(encoding, bytes, 0, length)));
  html.close();
}

void write_difference(HtmlWriter& html, const ByteComparison& comparison) {
  const auto first = comparison.offset;
  const auto first_row = first / kRow;
  const auto from = (first_row - std::min(first_row, kRowsBefore)) * kRow;
  const ByteView expected = comparison.expected;
  const ByteView actual = comparison.actual;
  const auto longest = std::max({expected.size(), actual.size(), first + 1});
  const auto to = std::min((first_row + kRowsFromIt) * kRow, (longest + kRow - 1) / kRow * kRow);
  const auto encoding = comparison.encoding;
  const Side left{expected, actual, glyphs(encoding, expected, from, to)};
  const Side right{actual, expected, glyphs(encoding, actual, from, to)};

  open_scroll(html, "Expected and actual octets");
  html.open("table", {{"class", "difference"}});
  html.element("caption",
               fmt::format("First difference at offset {}, between bars: {} expected, {} actual.",
                           first, plural(expected.size(), "octet"), actual.size()));
  write_head(html, encoding);
  html.open("tbody");
  if (from > 0) write_left_out(html, fmt::format("{} before, the same", plural(from, "octet")));
  for (auto row = from; row < to; row += kRow) {
    html.open("tr");
    html.element("th", std::to_string(row), {{"scope", "row"}});
    for (const auto* side : {&left, &right}) {
      write_hex_cell(html, *side, row, first);
      write_text_cell(html, *side, row, first);
    }
    html.close();
  }
  if (longest > to) {
    write_left_out(html, fmt::format("{} more expected, {} more actual",
                                     plural(rest_of(expected, to), "octet"), rest_of(actual, to)));
  }
  html.close();
  html.close();
  html.close();
}

}  // namespace dialtone::html
