#include "harness/model/step_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/payload_reader.hpp"
#include "harness/model/step_check.hpp"

namespace dialtone {

StepReader::StepReader(const StepSpec& spec, const JsonNode& node, Encoding encoding, Scope& scope,
                       std::set<std::string>& needs, LoadContext& context)
    : spec_(&spec),
      node_(&node),
      encoding_(encoding),
      scope_(&scope),
      needs_(&needs),
      context_(&context) {
  if (!spec.needs.empty()) needs.emplace(spec.needs);
}

bool StepReader::check() { return StepCheck(*spec_, *node_, *scope_, *context_).run(); }

std::string StepReader::name(std::string_view field) const {
  const auto* value = node_->find(field);
  return value == nullptr ? std::string() : value->string;
}

std::string StepReader::connection(std::string_view field) {
  const auto* place = node_->find(field);
  // One that is named wrongly was reported by check().
  if (place != nullptr && !names_nothing(*place)) return place->string;
  std::vector<std::string> open;
  for (const auto& candidate : scope_->names(Scope::Kind::kConnection)) {
    if (!scope_->has_ended(candidate)) open.push_back(candidate);
  }
  if (open.size() == 1) return open.front();
  context_->report(place == nullptr ? *node_ : *place,
                   fmt::format("step '{}' does not say which connection it means", spec_->verb),
                   open.empty() ? "none is open here: add a 'connect' before it"
                                : fmt::format("name one of: {}", fmt::join(open, ", ")));
  return {};
}

std::vector<std::string> StepReader::connections(std::string_view field) {
  const auto* value = node_->find(field);
  if (value == nullptr || value->kind != JsonNode::Kind::kArray) return {connection(field)};
  std::vector<std::string> names;
  for (const auto& item : value->items) names.push_back(item.string);
  return names;
}

std::string StepReader::text_or(std::string_view field, std::string fallback) const {
  const auto* value = node_->find(field);
  if (value == nullptr || value->kind != JsonNode::Kind::kString) return fallback;
  const auto* spec = find_field(*spec_, field);
  const bool is_wrong_choice =
      spec != nullptr && spec->type == FieldType::kChoice && !is_choice(*spec, *value);
  return is_wrong_choice ? fallback : value->string;
}

Template StepReader::text(std::string_view field, std::string_view fallback) {
  const auto* value = node_->find(field);
  if (value == nullptr || value->kind != JsonNode::Kind::kString) {
    return std::get<Template>(Template::parse(fallback));
  }
  return PayloadReader(encoding_, *scope_, *context_).text(*value);
}

Payload StepReader::payload(std::string_view field) {
  const auto* value = node_->find(field);
  return value == nullptr ? Payload()
                          : PayloadReader(encoding_, *scope_, *context_).payload(*value);
}

Matcher StepReader::matcher(std::string_view field) {
  const auto* value = node_->find(field);
  return value == nullptr ? Matcher()
                          : PayloadReader(encoding_, *scope_, *context_).matcher(*value);
}

Duration StepReader::duration(std::string_view field, Duration fallback) const {
  const auto* value = node_->find(field);
  return value == nullptr ? fallback : parse_duration(value->string).value_or(fallback);
}

int StepReader::integer(std::string_view field, int fallback) const {
  const auto* value = node_->find(field);
  return value == nullptr || !is_in_range(*value) ? fallback : static_cast<int>(value->integer);
}

bool StepReader::flag(std::string_view field) const {
  const auto* value = node_->find(field);
  return value != nullptr && value->boolean;
}

std::vector<std::string> StepReader::choices(std::string_view field) const {
  const auto* value = node_->find(field);
  if (value == nullptr) return {};
  if (value->kind != JsonNode::Kind::kArray) return {value->string};
  std::vector<std::string> words;
  for (const auto& item : value->items) words.push_back(item.string);
  return words;
}

std::vector<int> StepReader::exit_codes(std::string_view field) const {
  const auto* value = node_->find(field);
  std::vector<int> codes;
  if (value == nullptr) return codes;
  if (is_exit_code(*value)) codes.push_back(static_cast<int>(value->integer));
  for (const auto& item : value->items) {
    if (is_exit_code(item)) codes.push_back(static_cast<int>(item.integer));
  }
  return codes;
}

void StepReader::report(std::string_view field, std::string message, std::string hint) {
  const auto* value = node_->find(field);
  context_->report(value == nullptr ? *node_ : *value, std::move(message), std::move(hint));
}

}  // namespace dialtone
