#include "harness/model/json_substitute.hpp"

#include <string_view>
#include <utility>
#include <variant>

#include "harness/model/parameter.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {
namespace {

/// Literal text as a template has it: `${` is written `$${`.
std::string escaped(std::string_view literal) {
  std::string text;
  for (std::size_t at = 0; at < literal.size(); ++at) {
    if (literal.substr(at).starts_with("${")) text += '$';
    text += literal[at];
  }
  return text;
}

std::string text_of(const JsonNode& value) {
  return value.kind == JsonNode::Kind::kInteger ? std::to_string(value.integer) : value.string;
}

std::string filled(const std::string& text, const NodeValues& values) {
  const auto parsed = Template::parse(text);
  const auto* pieces = std::get_if<Template>(&parsed);
  if (pieces == nullptr) return text;  // a mistake, reported by whoever reads it
  std::string result;
  for (const auto& [is_name, piece] : pieces->pieces()) {
    const auto found = is_name ? values.find(piece) : values.end();
    if (!is_name) {
      result += escaped(piece);
    } else if (found == values.end()) {
      result += "${" + piece + "}";
    } else {
      result += text_of(found->second);
    }
  }
  return result;
}

NodeValues without(NodeValues values, const std::string& name) {
  values.erase(name);
  return values;
}

}  // namespace

JsonNode substitute(const JsonNode& node, const NodeValues& values, OwnName own_name) {
  if (node.kind == JsonNode::Kind::kString) {
    const auto name = whole_variable(node.string);
    const auto whole = name.empty() ? values.end() : values.find(name);
    auto copy = whole == values.end() ? node : whole->second;
    if (whole == values.end()) copy.string = filled(node.string, values);
    copy.position = node.position;
    return copy;
  }
  auto copy = node;
  for (auto& item : copy.items) item = substitute(item, values, own_name);
  const auto own = own_name == nullptr ? std::string() : own_name(node);
  for (auto& member : copy.members) {
    const bool means_another = member.key == "steps" && values.contains(own);
    member.value =
        substitute(member.value, means_another ? without(values, own) : values, own_name);
  }
  return copy;
}

bool is_text_value(const JsonNode& node) {
  return node.kind == JsonNode::Kind::kString || node.kind == JsonNode::Kind::kInteger;
}

JsonNode text_node(std::string text, Position position) {
  JsonNode node;
  node.kind = JsonNode::Kind::kString;
  node.position = position;
  node.string = std::move(text);
  return node;
}

}  // namespace dialtone
