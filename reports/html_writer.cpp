#include "reports/html_writer.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "harness/model/printable.hpp"
#include "reports/ci_commands.hpp"

namespace dialtone {
namespace {

/// Elements among whose neighbours a line break would be seen.
constexpr std::array<std::string_view, 13> kInline{"a",    "b",     "bdi",   "code", "em",
                                                   "kbd",  "mark",  "small", "span", "strong",
                                                   "text", "label", "title"};

bool starts_line(std::string_view name) {
  return std::ranges::find(kInline, name) == kInline.end();
}

std::string_view entity_of(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
  }
}

}  // namespace

std::string html_escaped(std::string_view value, HtmlLines lines) {
  const auto shown =
      printable(value, {.keep_lines = lines == HtmlLines::kKept, .escape_backslash = false});
  std::string out;
  out.reserve(shown.size());
  for (const char c : shown) {
    const auto entity = entity_of(c);
    if (entity.empty()) {
      out += c;
    } else {
      out += entity;
    }
  }
  return without_ci_commands(out, kCiEscapesOfMarkup);
}

HtmlWriter::HtmlWriter(std::ostream& out) : out_(out) { put("<!DOCTYPE html>"); }

void HtmlWriter::open(std::string_view name, Attributes attributes) {
  start_tag(name, attributes, ">");
  elements_.emplace_back(name);
}

void HtmlWriter::close() {
  put("</");
  put(elements_.back());
  put(">");
  elements_.pop_back();
  if (elements_.empty()) put("\n");
}

void HtmlWriter::text(std::string_view value) { put(html_escaped(value)); }

void HtmlWriter::preformatted(std::string_view value) {
  put(html_escaped(value, HtmlLines::kKept));
}

void HtmlWriter::element(std::string_view name, std::string_view text, Attributes attributes) {
  open(name, attributes);
  this->text(text);
  close();
}

void HtmlWriter::leaf(std::string_view name, Attributes attributes) {
  start_tag(name, attributes, "/>");
}

void HtmlWriter::verbatim(std::string_view name, std::string_view content) {
  open(name);
  put(content);
  close();
}

// Only strings are ever inserted: a number's form would depend on the stream's locale.
void HtmlWriter::put(std::string_view markup) {
  out_ << markup;
  written_ += markup.size();
}

void HtmlWriter::start_tag(std::string_view name, Attributes attributes, std::string_view end) {
  if (starts_line(name)) put("\n");
  put("<");
  put(name);
  for (const auto& attribute : attributes) {
    put(" ");
    put(attribute.name);
    put("=\"");
    put(html_escaped(attribute.value));
    put("\"");
  }
  put(end);
}

void open_scroll(HtmlWriter& html, std::string_view label) {
  html.open("div",
            {{"class", "scroll"}, {"role", "group"}, {"aria-label", label}, {"tabindex", "0"}});
}

}  // namespace dialtone
