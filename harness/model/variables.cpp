#include "harness/model/variables.hpp"

#include <utility>

namespace dialtone {

Template::Template(std::string literal) {
  if (!literal.empty()) pieces_.push_back({false, std::move(literal)});
}

Template Template::of_name(std::string name) {
  Template result;
  result.pieces_.push_back({true, std::move(name)});
  return result;
}

void Template::append_literal(std::string_view text) {
  if (text.empty()) return;
  if (pieces_.empty() || pieces_.back().is_name) pieces_.push_back({false, {}});
  pieces_.back().text += text;
}

std::variant<Template, Template::SyntaxError> Template::parse(std::string_view text) {
  Template result;
  while (true) {
    const auto start = text.find("${");
    if (start == std::string_view::npos) break;
    if (start > 0 && text[start - 1] == '$') {
      result.append_literal(text.substr(0, start - 1));
      result.append_literal("${");
      text.remove_prefix(start + 2);
      continue;
    }
    const auto end = text.find('}', start);
    if (end == std::string_view::npos) return SyntaxError{"'${' is never closed"};
    const auto name = text.substr(start + 2, end - start - 2);
    const bool closes_another = name.find("${") != std::string_view::npos;
    if (closes_another) return SyntaxError{"'${' is never closed"};
    if (name.empty()) return SyntaxError{"'${}' names no variable"};
    result.append_literal(text.substr(0, start));
    result.pieces_.push_back({true, std::string(name)});
    text.remove_prefix(end + 1);
  }
  result.append_literal(text);
  return result;
}

std::vector<std::string> Template::names() const {
  std::vector<std::string> names;
  for (const auto& piece : pieces_) {
    if (piece.is_name) names.push_back(piece.text);
  }
  return names;
}

Template Template::with(const Variables& known) const {
  Template result;
  for (const auto& piece : pieces_) {
    const auto found = piece.is_name ? known.find(piece.text) : known.end();
    if (!piece.is_name) {
      result.append_literal(piece.text);
    } else if (found != known.end()) {
      result.append_literal(found->second);
    } else {
      result.pieces_.push_back(piece);
    }
  }
  return result;
}

std::optional<std::string> Template::constant() const {
  std::string text;
  for (const auto& piece : pieces_) {
    if (piece.is_name) return std::nullopt;
    text += piece.text;
  }
  return text;
}

std::variant<std::string, Template::Unknown> Template::resolve(const Variables& known) const {
  std::string text;
  for (const auto& piece : pieces_) {
    if (!piece.is_name) {
      text += piece.text;
      continue;
    }
    const auto found = known.find(piece.text);
    if (found == known.end()) return Unknown{piece.text};
    text += found->second;
  }
  return text;
}

}  // namespace dialtone
