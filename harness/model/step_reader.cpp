#include "harness/model/step_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/matcher_reader.hpp"
#include "harness/model/payload_reader.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/step_check.hpp"

namespace dialtone {

StepReader::StepReader(const StepSpec& spec, const JsonNode& node, Encoding encoding, Scope& scope,
                       std::set<std::string>& needs, LoadContext& context, BranchLoader* branches)
    : spec_(&spec),
      node_(&node),
      encoding_(encoding),
      scope_(&scope),
      needs_(&needs),
      context_(&context),
      branches_(branches) {
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
  if (open.size() == 1) {
    scope_->use(open.front());
    if (auto wrong = wrong_link(*spec_, *scope_, open.front()))
      context_->report(place == nullptr ? *node_ : *place, *wrong);
    return open.front();
  }
  context_->report(place == nullptr ? *node_ : *place,
                   fmt::format("step '{}' does not say which connection it means", spec_->verb),
                   open.empty() ? "none is open here: add a 'connect' before it"
                                : fmt::format("name one of: {}", fmt::join(open, ", ")));
  return {};
}

std::vector<std::string> StepReader::connections(std::string_view field) {
  const auto* value = node_->find(field);
  if (value != nullptr && value->string.ends_with(".*")) return scope_->group(value->string);
  if (value == nullptr || value->kind != JsonNode::Kind::kArray) return {connection(field)};
  std::vector<std::string> names;
  for (const auto& item : value->items) {
    auto members = scope_->group(item.string);
    if (members.empty()) members.push_back(item.string);
    names.insert(names.end(), members.begin(), members.end());
  }
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
                          : MatcherReader(encoding_, *scope_, *context_).matcher(*value);
}

Duration StepReader::duration(std::string_view field, Duration fallback) const {
  const auto* value = node_->find(field);
  const auto text = value == nullptr ? std::nullopt : context_->filled(*value);
  return text ? parse_duration(*text).value_or(fallback) : fallback;
}

int StepReader::integer(std::string_view field, int fallback) const {
  const auto* value = node_->find(field);
  const auto number = value == nullptr ? std::nullopt : integer_value(*value, *context_);
  return number ? static_cast<int>(*number) : fallback;
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

std::optional<std::vector<std::size_t>> StepReader::cuts(std::string_view field) const {
  const auto* value = node_->find(field);
  if (value == nullptr) return std::vector<std::size_t>();
  if (value->string == "octets") return std::nullopt;
  std::vector<std::size_t> places;
  const auto add = [&](const JsonNode& place) {
    places.push_back(static_cast<std::size_t>(integer_value(place, *context_).value_or(0)));
  };
  if (value->kind != JsonNode::Kind::kArray) add(*value);
  for (const auto& item : value->items) add(item);
  std::ranges::sort(places);
  return places;
}

std::vector<std::vector<PlannedStep>> StepReader::branches(std::string_view field) {
  std::vector<std::vector<PlannedStep>> all;
  const auto* value = node_->find(field);
  if (value == nullptr || branches_ == nullptr) return all;
  const auto before = scope_->branch();
  scope_->forget_uses();
  for (const auto& item : value->items) {
    if (!context_->expect_kind(item, JsonNode::Kind::kArray, "a branch")) continue;
    if (item.items.empty()) context_->report(item, "a branch is empty", "it would do nothing");
    auto scope = before;
    all.push_back(branches_->read_branch(item, all.size() + 1, scope));
    const auto shared = scope_->join(scope);
    if (shared.empty()) continue;
    context_->report(item,
                     fmt::format("an earlier branch uses '{}' too", printable(shared.front())),
                     "only one of them can wait for it; steps that follow each other belong into "
                     "one branch");
  }
  return all;
}

ExitCodes StepReader::exit_codes(std::string_view field, ExitCodes fallback) const {
  const auto* value = node_->find(field);
  auto codes = value == nullptr ? std::nullopt : exit_codes_of(*value, *context_);
  return codes ? *std::move(codes) : std::move(fallback);
}

void StepReader::report(std::string_view field, std::string message, std::string hint) {
  const auto* value = node_->find(field);
  context_->report(value == nullptr ? *node_ : *value, std::move(message), std::move(hint));
}

}  // namespace dialtone
