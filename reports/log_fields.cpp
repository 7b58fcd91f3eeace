#include "reports/log_fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace dialtone {
namespace {

constexpr std::int64_t kMostNanoseconds = std::int64_t{1} << 62;

}  // namespace

Fields::Fields(const JsonNode& node, const LogPlace& place) : node_(&node), place_(place) {
  need_kind(node, JsonNode::Kind::kObject);
}

void Fields::refuse_node(const JsonNode& node, std::string message, std::string hint) const {
  throw BadLog({{place_.file, place_.line + node.position.line - 1, node.position.column},
                std::move(message),
                std::move(hint)});
}

void Fields::refuse(std::string_view key, std::string message, std::string hint) const {
  refuse_node(need(key), std::move(message), std::move(hint));
}

void Fields::need_kind(const JsonNode& node, JsonNode::Kind kind) const {
  if (node.kind != kind)
    refuse_node(node,
                fmt::format("here must stand {}, not {}", kind_name(kind), kind_name(node.kind)));
}

const JsonNode& Fields::need(std::string_view key) const {
  const auto* found = node_->find(key);
  if (found == nullptr) refuse_node(*node_, fmt::format("'{}' is missing", key));
  return *found;
}

std::string Fields::text_of(const JsonNode& node) const {
  if (node.kind == JsonNode::Kind::kObject) return Fields(node, place_).octets("hex");
  need_kind(node, JsonNode::Kind::kString);
  return node.string;
}

std::string Fields::text(std::string_view key) const { return text_of(need(key)); }

std::string Fields::text_or_empty(std::string_view key) const {
  return has(key) ? text(key) : std::string();
}

std::vector<std::string> Fields::texts(std::string_view key) const {
  std::vector<std::string> texts;
  if (!has(key)) return texts;
  need_kind(need(key), JsonNode::Kind::kArray);
  for (const auto& item : need(key).items) texts.push_back(text_of(item));
  return texts;
}

Bytes Fields::octets(std::string_view key) const {
  need_kind(need(key), JsonNode::Kind::kString);
  auto octets = from_hex(need(key).string);
  if (!octets) refuse(key, "these are no pairs of hex digits");
  return std::move(*octets);
}

bool Fields::boolean(std::string_view key) const {
  need_kind(need(key), JsonNode::Kind::kBoolean);
  return need(key).boolean;
}

std::int64_t Fields::integer(std::string_view key, std::int64_t low, std::int64_t high) const {
  return integer_of(need(key), low, high);
}

std::int64_t Fields::integer_of(const JsonNode& node, std::int64_t low, std::int64_t high) const {
  if (node.kind != JsonNode::Kind::kInteger)
    refuse_node(node, fmt::format("here must stand a whole number, not {}", kind_name(node.kind)));
  if (node.integer < low || node.integer > high)
    refuse_node(node, fmt::format("{} is not in {} to {}", node.integer, low, high));
  return node.integer;
}

std::vector<std::int64_t> Fields::ascending(std::string_view key, std::int64_t low,
                                            std::int64_t high) const {
  std::vector<std::int64_t> numbers;
  need_kind(need(key), JsonNode::Kind::kArray);
  for (const auto& item : need(key).items) {
    const auto number = integer_of(item, low, high);
    if (!numbers.empty() && number <= numbers.back())
      refuse_node(item, fmt::format("{} stands after {}", number, numbers.back()));
    numbers.push_back(number);
  }
  return numbers;
}

Duration Fields::duration(std::string_view key) const {
  return std::chrono::nanoseconds(integer(key, 0, kMostNanoseconds - 1));
}

std::vector<Fields> Fields::objects(std::string_view key) const {
  std::vector<Fields> objects;
  if (!has(key)) return objects;
  need_kind(need(key), JsonNode::Kind::kArray);
  for (const auto& item : need(key).items) objects.emplace_back(item, place_);
  return objects;
}

}  // namespace dialtone
