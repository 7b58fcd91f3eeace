#include "harness/model/load_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "harness/model/duration.hpp"
#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr auto kDurationHint = "a number and its unit (ns, us, ms, s, m or h), such as \"200ms\"";

/// What was wanted, for a message. JSON has one kind of number, people have two.
std::string_view wanted(JsonNode::Kind kind) {
  return kind == JsonNode::Kind::kInteger ? "a whole number" : kind_name(kind);
}

}  // namespace

std::string found_instead(const JsonNode& node, JsonNode::Kind wanted) {
  const bool wants_whole = wanted == JsonNode::Kind::kInteger;
  if (wants_whole && node.kind == JsonNode::Kind::kNumber) return fmt::format("{:#}", node.number);
  if (wants_whole && node.kind == JsonNode::Kind::kInteger) return std::to_string(node.integer);
  if (node.kind == JsonNode::Kind::kBoolean) return node.boolean ? "true" : "false";
  return std::string(kind_name(node.kind));
}

SourceLocation LoadContext::at(const JsonNode& node) const { return locate(file_, node.position); }

void LoadContext::report(const JsonNode& node, std::string message, std::string hint) {
  report(node.position, std::move(message), std::move(hint));
}

void LoadContext::report(Position place, std::string message, std::string hint) {
  diagnostics_->push_back({locate(file_, place), std::move(message), std::move(hint)});
}

bool LoadContext::expect_kind(const JsonNode& node, JsonNode::Kind kind, std::string_view what) {
  if (node.kind == kind) return true;
  report(node,
         fmt::format("{} must be {}, but is {}", what, wanted(kind), found_instead(node, kind)));
  return false;
}

void LoadContext::refuse_unknown_keys(const JsonNode& object, const std::vector<std::string>& known,
                                      std::string_view what) {
  for (const auto& member : object.members) {
    if (std::ranges::find(known, member.key) != known.end()) continue;
    report(member.key_position, fmt::format("unknown key '{}' in {}", printable(member.key), what),
           suggest(member.key, known));
  }
}

bool LoadContext::needs_parameter(std::string_view name) {
  if (find_parameter(name) == nullptr) return false;
  if (needs_ != nullptr) needs_->insert(parameter_capability(name));
  return true;
}

void LoadContext::exclude(const JsonNode& node, std::string reason, std::string hint) {
  if (exclusion_ == nullptr) {
    report(node, std::move(reason), std::move(hint));
  } else if (exclusion_->empty()) {
    *exclusion_ = std::move(reason);
  }
}

std::optional<std::string> LoadContext::filled(const JsonNode& node) const {
  const auto name = whole_variable(node.string);
  if (name.empty()) return node.string;
  const auto found = variables_.find(name);
  return found == variables_.end() ? std::nullopt : std::optional(found->second);
}

bool LoadContext::check_filled(const JsonNode& node) {
  if (filled(node)) return true;
  const auto name = whole_variable(node.string);
  if (needs_parameter(name)) return false;
  std::vector<std::string> known = parameter_names();
  for (const auto& [variable, value] : variables_) known.push_back(variable);
  report(node, fmt::format("unknown variable '{}'", printable(name)),
         suggest(std::string(name), known));
  return false;
}

void LoadContext::sort_reports() {
  const auto place = [](const Diagnostic& diagnostic) {
    return std::tuple(diagnostic.where.line, diagnostic.where.column);
  };
  const auto begin = diagnostics_->begin() + static_cast<std::ptrdiff_t>(first_);
  std::ranges::stable_sort(begin, diagnostics_->end(), {}, place);
  // A fragment that several steps use was read several times.
  auto end = begin;
  for (auto next = begin; next != diagnostics_->end(); ++next) {
    auto same_place = end;
    while (same_place != begin && std::prev(same_place)->where == next->where) --same_place;
    if (std::find(same_place, end, *next) == end) std::iter_swap(end++, next);
  }
  diagnostics_->erase(end, diagnostics_->end());
}

std::optional<Duration> read_duration(const JsonNode& node, std::string_view what,
                                      LoadContext& context) {
  if (node.kind != JsonNode::Kind::kString) {
    context.report(node,
                   fmt::format("{} must be a string, but is {}", what,
                               found_instead(node, JsonNode::Kind::kString)),
                   kDurationHint);
    return std::nullopt;
  }
  if (!context.check_filled(node)) return std::nullopt;
  const auto text = *context.filled(node);
  const auto duration = parse_duration(text);
  if (!duration) {
    context.report(node, fmt::format("bad duration '{}'", printable(text)),
                   fmt::format("{}; 24h at most", kDurationHint));
  }
  return duration;
}

}  // namespace dialtone
