#include "harness/model/json_substitute.hpp"

#include <string_view>
#include <utility>
#include <variant>

#include "harness/model/parameter.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {
namespace {

using Values = std::map<std::string, JsonNode, std::less<>>;

std::string filled(const std::string& text, const Values& values) {
  const auto parsed = Template::parse(text);
  const auto* pieces = std::get_if<Template>(&parsed);
  if (pieces == nullptr) return text;  // a mistake, reported by whoever reads it
  std::string result;
  for (const auto& [is_name, piece] : pieces->pieces()) {
    const auto found = is_name ? values.find(piece) : values.end();
    if (!is_name) {
      for (std::size_t at = 0; at < piece.size(); ++at) {
        if (std::string_view(piece).substr(at).starts_with("${")) result += '$';
        result += piece[at];
      }
    } else if (found == values.end()) {
      result += "${" + piece + "}";
    } else {
      const auto& value = found->second;
      result +=
          value.kind == JsonNode::Kind::kInteger ? std::to_string(value.integer) : value.string;
    }
  }
  return result;
}

}  // namespace

JsonNode substitute(const JsonNode& node, const Values& values) {
  if (node.kind == JsonNode::Kind::kString) {
    const auto whole = values.find(whole_variable(node.string));
    auto copy = whole == values.end() ? node : whole->second;
    if (whole == values.end()) copy.string = filled(node.string, values);
    copy.position = node.position;
    return copy;
  }
  auto copy = node;
  for (auto& item : copy.items) item = substitute(item, values);
  for (auto& member : copy.members) member.value = substitute(member.value, values);
  return copy;
}

JsonNode text_node(std::string text, Position position) {
  JsonNode node;
  node.kind = JsonNode::Kind::kString;
  node.position = position;
  node.string = std::move(text);
  return node;
}

}  // namespace dialtone
