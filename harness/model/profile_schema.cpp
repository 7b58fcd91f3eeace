#include "harness/model/profile_schema.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "harness/model/capability.hpp"
#include "harness/model/control_spec.hpp"
#include "harness/model/json_schema.hpp"
#include "harness/model/parameter.hpp"
#include "harness/model/parameter_reader.hpp"
#include "harness/model/profile_keys.hpp"

namespace dialtone {
namespace {

using Json = nlohmann::ordered_json;
using Type = ProfileKey::Type;

constexpr std::string_view kControl = "control.";

Json ref(std::string_view definition) {
  return {{"$ref", "#/definitions/" + std::string(definition)}};
}

/// Draft-07 ignores what stands beside a $ref, so that one is wrapped.
Json described(Json schema, std::string_view summary) {
  if (schema.contains("$ref")) schema = {{"allOf", Json::array({std::move(schema)})}};
  schema["description"] = summary;
  return schema;
}

Json text() { return {{"type", "string"}}; }
Json some_text() { return {{"type", "string"}, {"minLength", 1}}; }
Json any_of(Json one, Json other) {
  return {{"anyOf", Json::array({std::move(one), std::move(other)})}};
}
Json words_of(std::span<const std::string_view> words) {
  Json list = Json::array();
  for (const auto word : words) list.push_back(word);
  return {{"enum", std::move(list)}};
}
Json map_of(Json value) { return {{"type", "object"}, {"additionalProperties", std::move(value)}}; }

Json closed_object(Json properties) {
  return {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

Json command() { return {{"type", "array"}, {"items", text()}, {"minItems", 1}}; }

Json keys_schema(std::span<const ProfileKey> keys);

Json program() { return any_of(command(), keys_schema(program_keys())); }

/// By a signal or by a command, and not by both.
Json action_schema(std::span<const ProfileKey> keys) {
  auto schema = keys_schema(keys);
  schema["oneOf"] = Json::array({{{"required", {"signal"}}}, {{"required", {"command"}}}});
  return schema;
}

Json controls_schema() {
  auto properties = Json::object();
  for (const auto& name : control_names())
    properties[name] = described(action_schema(control_keys()),
                                 find_capability(std::string(kControl) + name)->summary);
  return closed_object(std::move(properties));
}

Json parameter_schema(ParameterType type) {
  switch (type) {
    case ParameterType::kPayload:
    case ParameterType::kEcho:
    case ParameterType::kClientPayload: return ref("payload");
    case ParameterType::kMatcher: return ref("matcher");
    case ParameterType::kDuration: return ref("duration");
    case ParameterType::kInteger:
      return {{"type", "integer"}, {"minimum", 1}, {"maximum", kLargestParameter}};
    case ParameterType::kSignal: return some_text();
    case ParameterType::kExitCodes: return ref("exit_codes");
  }
  return {};
}

Json parameters_schema() {
  auto properties = Json::object();
  for (const auto& spec : parameter_specs()) {
    auto schema = described(parameter_schema(spec.type), spec.summary);
    if (!spec.fallback.empty()) schema["default"] = spec.fallback;
    properties[std::string(spec.name)] = std::move(schema);
  }
  return closed_object(std::move(properties));
}

Json value_schema(const ProfileKey& key) {
  switch (key.type) {
    case Type::kString: return key.required ? some_text() : text();
    case Type::kText: return text();
    case Type::kBoolean: return {{"type", "boolean"}};
    case Type::kCommand: return command();
    case Type::kSignal: return some_text();
    case Type::kDuration: return ref("duration");
    case Type::kWord: return words_of(key.words);
    case Type::kConcurrency: return {{"type", "integer"}, {"minimum", 1}, {"maximum", kMostAtOnce}};
    case Type::kEncoding: return ref("encoding");
    case Type::kFraming: return ref("framing");
    case Type::kCapabilities: return {{"type", "array"}, {"items", ref("capability")}};
    case Type::kVariables: return map_of({{"type", {"string", "integer"}}});
    case Type::kEnvironment: return map_of(text());
    case Type::kProtocols: return {{"type", "array"}, {"items", some_text()}};
    case Type::kDate: return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
    case Type::kParameters: return parameters_schema();
    case Type::kStart: return keys_schema(start_keys());
    case Type::kTls: return any_of({{"type", "boolean"}}, keys_schema(tls_keys()));
    case Type::kControls: return controls_schema();
    case Type::kPrograms: return map_of(program());
    case Type::kProgram: return program();
    case Type::kUndo: return action_schema(undo_keys());
    case Type::kKnownFailures:
      return map_of(any_of(some_text(), keys_schema(known_failure_keys())));
  }
  return {};
}

Json keys_schema(std::span<const ProfileKey> keys) {
  auto schema = closed_object(Json::object());
  Json required = Json::array();
  for (const auto& key : keys) {
    if (key.required) required.push_back(key.name);
    schema["properties"][std::string(key.name)] = described(value_schema(key), key.summary);
  }
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

/// Those of a suite's schema that a profile's refers to.
Json shared_definitions() {
  const auto all = Json::parse(json_schema({})).at("definitions");
  auto shared = Json::object();
  for (const auto* name :
       {"payload", "matcher", "framing", "duration", "exit_codes", "encoding", "capability"})
    shared[name] = all.at(name);
  return shared;
}

}  // namespace

std::string profile_schema() {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "Dialtone profile"},
              {"description", "A network server that suites are run against"},
              {"allowComments", true}};  // an extension that editors know
  schema.update(keys_schema(profile_keys()));
  schema["definitions"] = shared_definitions();
  return schema.dump(2) + "\n";
}

}  // namespace dialtone
