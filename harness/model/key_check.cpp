#include "harness/model/key_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "harness/model/payload_reader.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

void check_level(const JsonNode& value, LoadContext& context) {
  if (!context.expect_kind(value, JsonNode::Kind::kString, "'level'") || find_level(value.string))
    return;
  context.report(value, fmt::format("unknown level '{}'", printable(value.string)),
                 suggest(value.string, {"MUST", "SHOULD", "MAY"}));
}

void check_personality(const JsonNode& value, LoadContext& context) {
  if (!context.expect_kind(value, JsonNode::Kind::kString, "'personality'") ||
      find_personality(value.string))
    return;
  context.report(value, fmt::format("unknown personality '{}'", printable(value.string)),
                 suggest(value.string, {"article", "line"}));
}

void check_strings(const JsonNode& value, const std::string& what, LoadContext& context) {
  if (!context.expect_kind(value, JsonNode::Kind::kArray, what)) return;
  for (const auto& item : value.items) {
    context.expect_kind(item, JsonNode::Kind::kString, fmt::format("each of {}", what));
  }
}

void check_value(const KeySpec& key, const JsonNode& value, LoadContext& context) {
  const auto quoted = fmt::format("'{}'", key.name);
  switch (key.type) {
    case KeySpec::Type::kString:
    case KeySpec::Type::kId: context.expect_kind(value, JsonNode::Kind::kString, quoted); return;
    case KeySpec::Type::kLevel: check_level(value, context); return;
    case KeySpec::Type::kPersonality: check_personality(value, context); return;
    case KeySpec::Type::kEncoding: read_encoding(value, context); return;
    case KeySpec::Type::kBoolean:
      context.expect_kind(value, JsonNode::Kind::kBoolean, quoted);
      return;
    case KeySpec::Type::kInteger:
      if (context.expect_kind(value, JsonNode::Kind::kInteger, quoted) &&
          (value.integer < 0 || value.integer > kLargestPort)) {
        context.report(value, fmt::format("{} must be between 0 and {}", quoted, kLargestPort));
      }
      return;
    case KeySpec::Type::kCapabilities:
    case KeySpec::Type::kStringList: check_strings(value, quoted, context); return;
    case KeySpec::Type::kDuration:
      if (read_duration(value, quoted, context) == Duration::zero()) {
        context.report(value, fmt::format("{} must be longer than zero", quoted));
      }
      return;
    case KeySpec::Type::kFragments:
      if (!context.expect_kind(value, JsonNode::Kind::kObject, quoted)) return;
      for (const auto& member : value.members) {
        context.expect_kind(member.value, JsonNode::Kind::kArray,
                            fmt::format("fragment '{}'", printable(member.key)));
      }
      return;
    case KeySpec::Type::kVariables:
      context.expect_kind(value, JsonNode::Kind::kObject, quoted);
      return;
    case KeySpec::Type::kServer:
    case KeySpec::Type::kNoVary: return;  // checked where they are read
    case KeySpec::Type::kScenarios:
    case KeySpec::Type::kSteps:
      if (context.expect_kind(value, JsonNode::Kind::kArray, quoted) && value.items.empty()) {
        context.report(value, fmt::format("{} is empty", quoted),
                       "a check that checks nothing would always pass");
      }
      return;
  }
}

}  // namespace

bool check_keys(const JsonNode& object, std::span<const KeySpec> keys, std::string_view what,
                LoadContext& context) {
  if (!context.expect_kind(object, JsonNode::Kind::kObject, what)) return false;
  const auto is_known = [&](const auto& member) {
    return std::ranges::find(keys, member.key, &KeySpec::name) != keys.end();
  };
  if (!std::ranges::all_of(object.members, is_known)) {
    context.refuse_unknown_keys(object, names_of(keys), what);
  }
  for (const auto& key : keys) {
    const auto* value = object.find(key.name);
    if (value == nullptr && key.required) {
      context.report(object, fmt::format("{} needs '{}'", what, key.name),
                     fmt::format("{}: {}", key.name, key.summary));
    }
    if (value != nullptr) check_value(key, *value, context);
  }
  return true;
}

}  // namespace dialtone
