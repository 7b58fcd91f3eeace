#include "reports/xml_writer.hpp"

#include <ostream>

#include "harness/model/printable.hpp"
#include "reports/ci_commands.hpp"

namespace dialtone {
namespace {

std::string_view entity_of(char c, bool in_attribute) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";  // a bare ]]> in text is an error
    case '"': return in_attribute ? "&quot;" : std::string_view();
    default: return {};
  }
}

}  // namespace

// Only strings are ever inserted: a number's form would depend on the stream's locale.
XmlWriter::XmlWriter(std::ostream& out) : out_(out) {
  out_ << R"(<?xml version="1.0" encoding="UTF-8"?>)";
}

void XmlWriter::open(std::string_view name) {
  end_start_tag();
  if (!elements_.empty()) elements_.back().has_children = true;
  start_line();
  out_ << '<' << name;
  elements_.push_back({.name = std::string(name)});
  in_start_tag_ = true;
}

void XmlWriter::attribute(std::string_view name, std::string_view value) {
  out_ << ' ' << name << "=\"";
  write_escaped(printable(value), true);
  out_ << '"';
}

void XmlWriter::text(std::string_view value) {
  end_start_tag();
  elements_.back().has_text = true;
  write_escaped(printable(value, {.keep_lines = true, .escape_backslash = false}), false);
}

void XmlWriter::close() {
  const auto element = std::move(elements_.back());
  elements_.pop_back();
  if (in_start_tag_) {
    out_ << "/>";
    in_start_tag_ = false;
  } else {
    if (!element.has_text) start_line();
    out_ << "</" << element.name << '>';
  }
  if (elements_.empty()) out_ << '\n';
}

void XmlWriter::end_start_tag() {
  if (!in_start_tag_) return;
  out_ << '>';
  in_start_tag_ = false;
}

void XmlWriter::start_line() { out_ << '\n' << std::string(elements_.size(), ' '); }

void XmlWriter::write_escaped(std::string_view printable_text, bool in_attribute) {
  std::string escaped;
  escaped.reserve(printable_text.size());
  for (const char c : printable_text) {
    const auto entity = entity_of(c, in_attribute);
    if (entity.empty()) {
      escaped += c;
    } else {
      escaped += entity;
    }
  }
  out_ << without_ci_commands(escaped, kCiEscapesOfMarkup);
}

}  // namespace dialtone
