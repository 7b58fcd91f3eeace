#include "harness/model/json_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace dialtone {
namespace {

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

void append(const JsonNode& node, std::string& line) {
  switch (node.kind) {
    case JsonNode::Kind::kNull: line += "null"; return;
    case JsonNode::Kind::kBoolean: line += node.boolean ? "true" : "false"; return;
    case JsonNode::Kind::kInteger: line += std::to_string(node.integer); return;
    case JsonNode::Kind::kNumber: line += fmt::format("{}", node.number); return;
    case JsonNode::Kind::kString: line += quoted(node.string); return;
    case JsonNode::Kind::kArray:
      line += '[';
      for (const auto& item : node.items) {
        if (&item != &node.items.front()) line += ", ";
        append(item, line);
      }
      line += ']';
      return;
    case JsonNode::Kind::kObject:
      line += '{';
      for (const auto& member : node.members) {
        if (&member != &node.members.front()) line += ", ";
        line += quoted(member.key) + ": ";
        append(member.value, line);
      }
      line += '}';
      return;
  }
}

}  // namespace

std::string to_line(const JsonNode& node) {
  std::string line;
  append(node, line);
  return line;
}

}  // namespace dialtone
