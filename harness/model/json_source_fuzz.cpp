// A libFuzzer entry: ci/fuzz.sh builds and runs it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/utf8.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// For each line of `text`, how many characters it has. An octet that continues no character counts
/// with the one before it.
std::vector<int> line_lengths(std::string_view text) {
  std::vector<int> lengths(1);
  for (const char octet : text) {
    if (octet == '\n') {
      lengths.push_back(0);
    } else if (!dialtone::is_utf8_continuation(octet)) {
      ++lengths.back();
    }
  }
  return lengths;
}

/// A place may also be right behind the last character of its line.
void require_place(int line, int column, const std::vector<int>& lengths) {
  require(line >= 1 && line <= static_cast<int>(lengths.size()));
  require(column >= 1 && column <= lengths[static_cast<std::size_t>(line - 1)] + 1);
}

/// The octet at a place of the text; NUL behind the last one.
char octet_at(dialtone::Position place, std::string_view text) {
  for (; place.line > 1; --place.line) {
    require(text.find('\n') != std::string_view::npos);
    text.remove_prefix(text.find('\n') + 1);
  }
  while (!text.empty()) {
    if (!dialtone::is_utf8_continuation(text.front()) && --place.column == 0) return text.front();
    text.remove_prefix(1);
  }
  return '\0';
}

/// The octets that a value of this kind may begin with.
std::string_view beginnings(dialtone::JsonNode::Kind kind) {
  using Kind = dialtone::JsonNode::Kind;
  switch (kind) {
    case Kind::kNull: return "n";
    case Kind::kBoolean: return "tf";
    case Kind::kInteger: return "-0123456789";
    case Kind::kNumber: return "-0123456789";
    case Kind::kString: return "\"";
    case Kind::kArray: return "[";
    case Kind::kObject: return "{";
  }
  return "";
}

void require_places(const dialtone::JsonNode& node, std::string_view text) {
  require(beginnings(node.kind).find(octet_at(node.position, text)) != std::string_view::npos);
  for (const auto& item : node.items) require_places(item, text);
  for (const auto& member : node.members) {
    require(octet_at(member.key_position, text) == '"');
    require_places(member.value, text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  dialtone::Diagnostics diagnostics;
  const auto node = dialtone::parse_json("fuzz.json", text, diagnostics);
  const auto lengths = line_lengths(text);
  for (const auto& diagnostic : diagnostics) {
    require_place(diagnostic.where.line, diagnostic.where.column, lengths);
    require(!diagnostic.message.starts_with("[json.exception"));
    // What is said where the library refuses what we cannot explain.
    require(diagnostic.message != "this string cannot be read");
    require(diagnostic.message == dialtone::printable(diagnostic.message));
    require(diagnostic.hint == dialtone::printable(diagnostic.hint));
  }
  require(node.has_value() || !diagnostics.empty());
  if (node) {
    require_places(*node, text);
    require(nlohmann::json::accept(text, /*ignore_comments=*/true));
  }
  return 0;
}
