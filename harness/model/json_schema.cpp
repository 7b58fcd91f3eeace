#include "harness/model/json_schema.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/capability.hpp"
#include "harness/model/charset.hpp"
#include "harness/model/exit_codes.hpp"
#include "harness/model/framing.hpp"
#include "harness/model/payload_reader.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/suite_keys.hpp"

namespace dialtone {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kNamePattern = "^[A-Za-z0-9_-]+$";

Json ref(std::string_view definition) {
  return {{"$ref", "#/definitions/" + std::string(definition)}};
}

/// `schema` with a description. Draft-07 ignores what stands beside a $ref, so that one is wrapped.
Json described(Json schema, std::string_view summary) {
  if (schema.contains("$ref")) schema = {{"allOf", Json::array({std::move(schema)})}};
  schema["description"] = summary;
  return schema;
}

Json any_of(std::initializer_list<Json> schemas) {
  Json list = Json::array();
  for (const auto& schema : schemas) list.push_back(schema);
  return {{"anyOf", std::move(list)}};
}

Json text() { return {{"type", "string"}}; }
Json name() { return {{"type", "string"}, {"minLength", 1}}; }
Json integer(std::int64_t least, std::int64_t most) {
  return {{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}
Json list_of(Json item) {
  return {{"type", "array"}, {"items", std::move(item)}, {"minItems", 1}, {"uniqueItems", true}};
}

template <class Names>
Json one_of_words(const Names& names) {
  Json words = Json::array();
  for (const auto& word : names) words.push_back(word);
  return {{"enum", std::move(words)}};
}

/// Of an object that takes these keys and no other.
Json object_of(Json properties, std::initializer_list<std::string_view> required) {
  Json names = Json::array();
  for (const auto key : required) names.push_back(key);
  return {{"type", "object"},
          {"required", std::move(names)},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

// --- keys of suites, scenarios and servers ---

Json key_schema(const KeySpec& key) {
  switch (key.type) {
    case KeySpec::Type::kString: return key.required ? name() : text();
    case KeySpec::Type::kId:
      return {{"type", "string"}, {"pattern", "^[A-Za-z0-9._-]+$"}, {"maxLength", kLongestId}};
    case KeySpec::Type::kStringList: return {{"type", "array"}, {"items", text()}};
    case KeySpec::Type::kCapabilities: return {{"type", "array"}, {"items", ref("capability")}};
    case KeySpec::Type::kBoolean: return {{"type", "boolean"}};
    case KeySpec::Type::kInteger: return integer(0, kLargestPort);
    case KeySpec::Type::kDuration: return ref("duration");
    case KeySpec::Type::kEncoding: return ref("encoding");
    case KeySpec::Type::kLevel:
      return one_of_words(
          std::vector{name_of(Level::kMust), name_of(Level::kShould), name_of(Level::kMay)});
    case KeySpec::Type::kPersonality:
      return one_of_words(std::vector{name_of(Personality::kArticle), name_of(Personality::kLine),
                                      name_of(Personality::kUdp)});
    case KeySpec::Type::kVariables:
      return {{"type", "object"}, {"additionalProperties", {{"type", {"string", "integer"}}}}};
    case KeySpec::Type::kFragments: {
      const Json steps{{"type", "array"}, {"items", {{"type", "object"}}}, {"minItems", 1}};
      return {{"type", "object"}, {"additionalProperties", steps}};
    }
    case KeySpec::Type::kServer: return ref("server");
    case KeySpec::Type::kNoVary: return ref("no_vary");
    case KeySpec::Type::kScenarios:
      return {{"type", "array"}, {"items", ref("scenario")}, {"minItems", 1}};
    case KeySpec::Type::kSteps: return {{"type", "array"}, {"items", ref("step")}, {"minItems", 1}};
  }
  return {};
}

Json keys_schema(std::span<const KeySpec> keys) {
  Json schema = object_of(Json::object(), {});
  for (const auto& key : keys) {
    if (key.required) schema["required"].push_back(key.name);
    schema["properties"][std::string(key.name)] = described(key_schema(key), key.summary);
  }
  return schema;
}

// --- steps ---

Json field_schema(const Field& field) {
  switch (field.type) {
    case FieldType::kNewConnection:
    case FieldType::kNewSocket:
    case FieldType::kNewListener:
    case FieldType::kNewProgram: return ref("new_name");
    case FieldType::kConnection:
    case FieldType::kDescriptor: return ref("connection");
    case FieldType::kConnections:
    case FieldType::kEndedConnections:
    case FieldType::kSeenConnections: return ref("connections");
    case FieldType::kListener:
    case FieldType::kProgram: return name();
    case FieldType::kPayload: return ref("payload");
    case FieldType::kMatcher: return ref("matcher");
    case FieldType::kText:
    case FieldType::kAddress: return text();
    case FieldType::kDuration: return ref("duration");
    case FieldType::kInteger: return any_of({integer(0, kLargestInteger), ref("filled")});
    case FieldType::kBoolean: return {{"type", "boolean"}};
    case FieldType::kChoice: return one_of_words(field.choices);
    case FieldType::kChoices: {
      const auto word = one_of_words(field.choices);
      return any_of({word, {{"type", "array"}, {"items", word}, {"minItems", 1}}});
    }
    case FieldType::kExitCodes: return ref("exit_codes");
    case FieldType::kVariable:
    case FieldType::kTiming: return {{"type", "string"}, {"pattern", kNamePattern}};
    case FieldType::kSteps: return {{"type", "array"}, {"items", ref("step")}, {"minItems", 1}};
    case FieldType::kBranches: {
      const Json branch{{"type", "array"}, {"items", ref("step")}, {"minItems", 1}};
      return {{"type", "array"}, {"items", branch}, {"minItems", 2}};
    }
    case FieldType::kArguments: return {{"type", "object"}};
    case FieldType::kCuts: {
      const auto place = any_of({integer(1, kLargestInteger), ref("filled")});
      return any_of({{{"const", "octets"}}, place, list_of(place)});
    }
  }
  return {};
}

void add_fields(Json& schema, std::span<const Field> fields) {
  for (const auto& field : fields) {
    const bool required = field.required || &field == fields.data();
    if (required) schema["required"].push_back(field.name);
    schema["properties"][std::string(field.name)] = described(field_schema(field), field.summary);
  }
}

Json verb_schema(const StepSpec& spec) {
  Json schema{{"title", spec.verb}, {"description", spec.summary}};
  schema.update(object_of(Json::object(), {}));
  add_fields(schema, spec.fields);
  for (const auto& field : common_fields()) {
    schema["properties"][std::string(field.name)] = described(field_schema(field), field.summary);
  }
  auto example = Json::parse(spec.example, nullptr, /*allow_exceptions=*/false);
  if (!example.is_discarded()) schema["examples"] = Json::array({std::move(example)});
  return schema;
}

Json step_schema(std::span<const StepSpec* const> steps) {
  Json verbs = Json::array();
  for (const auto* spec : steps) verbs.push_back(verb_schema(*spec));
  return {{"description", "one action or expectation: exactly one verb, and its options"},
          {"type", "object"},
          {"oneOf", std::move(verbs)}};
}

// --- values that fields share ---

Json payload_schema() {
  const auto most = static_cast<std::int64_t>(kLargestPayload);
  const Json hex{{"type", "string"}, {"pattern", "^\\s*([0-9A-Fa-f]{2}\\s*)*$"}};
  const Json seed{{"type", "integer"}};
  const Json list{{"type", "array"}, {"items", ref("payload")}};
  const Json place = any_of({{{"type", "integer"}}, {{"const", "middle"}}});
  return described(
      any_of({described(text(), "text in the scenario's encoding"),
              object_of({{"text", text()}, {"encoding", ref("encoding")}}, {"text"}),
              object_of({{"hex", described(hex, "pairs of hex digits: \"c4 e3\"")}}, {"hex"}),
              object_of({{"base64", text()}}, {"base64"}),
              object_of({{"file", described(name(), "beside the suite's file")}}, {"file"}),
              object_of({{"repeat", ref("payload")}, {"times", integer(1, most)}},
                        {"repeat", "times"}),
              object_of({{"random", integer(1, most)}, {"seed", seed}}, {"random", "seed"}),
              object_of({{"param", one_of_words(std::vector{"echo_request", "echo_reply"})},
                         {"data", ref("payload")}},
                        {"param", "data"}),
              object_of({{"slice", ref("payload")}, {"from", place}, {"to", place}}, {"slice"}),
              object_of({{"frame", described(ref("payload"), "in its frame")},
                         {"framing", described(ref("framing"), "in place of the profile's")}},
                        {"frame"}),
              described(list, "one after the other")}),
      "octets");
}

Json matcher_schema() {
  const auto of_payload = [](std::string_view key, std::string_view summary) {
    return object_of({{std::string(key), described(ref("payload"), summary)}}, {key});
  };
  const Json length =
      described(integer(1, static_cast<std::int64_t>(kLargestPayload)), "any octets, this many");
  // A matcher's frame is another thing than a payload's.
  auto exactly = described(ref("payload"), "exactly these octets");
  exactly["not"] = {{"type", "object"}, {"required", {"frame"}}};
  const Json regex = described(name(), "RE2; searched for in what has arrived so far");
  return described(
      any_of({exactly, of_payload("prefix", "it begins with these"),
              of_payload("contains", "these occur in it"),
              of_payload("until", "everything up to these"),
              object_of({{"length", length}}, {"length"}),
              object_of({{"sequence", list_of(ref("matcher"))}}, {"sequence"}),
              object_of({{"frame", any_of({described({{"const", true}}, "by the profile's framing"),
                                           ref("framing")})},
                         {"body", described(ref("matcher"), "what its body must be like")}},
                        {"frame"}),
              object_of({{"regex", regex}, {"as", one_of_words(std::vector{"text", "bytes"})}},
                        {"regex"})}),
      "octets that must come, or what they must be like");
}

Json framing_schema() {
  const auto most = static_cast<std::int64_t>(kLargestFrame);
  const auto around = integer(0, 65535);
  Json length =
      object_of({{"octets", described({{"enum", {1, 2, 3, 4, 8}}}, "of the length")},
                 {"order", one_of_words(std::vector{"big", "little"})},
                 {"counts", described(one_of_words(std::vector{"body", "whole"}),
                                      "what stands behind the length, or the whole frame")},
                 {"offset", described(around, "octets before the length")},
                 {"add", described(around, "octets more that it does not count")}},
                {"octets"});
  return described(
      any_of(
          {described(one_of_words(std::vector{"line", "oneshot", "until_eof"}),
                     "ends in LF; what one recv returns; ends with FIN"),
           object_of({{"delimiter", described(ref("payload"), "ends in these")}}, {"delimiter"}),
           object_of({{"length_prefix", std::move(length)}}, {"length_prefix"}),
           object_of({{"fixed", described(integer(1, most), "octets of each frame")}}, {"fixed"}),
           object_of({{"oneshot", described(integer(1, most), "octets of the recv")}},
                     {"oneshot"})}),
      "how requests and replies are told apart in the stream");
}

Json exit_codes_schema() {
  const auto code = integer(0, kLargestExitCode);
  const Json codes{{"type", "string"},
                   {"pattern", "^((not )*(any|nonzero|[0-9]+(, *[0-9]+)*)|\\$\\{[^${}]+\\})$"}};
  return any_of({code, list_of(code), described(codes, kExitCodesHint)});
}

Json capability_schema() {
  Json schema = one_of_words(capability_names());
  Json summaries = Json::array();
  for (const auto& capability : capabilities()) summaries.push_back(capability.summary);
  schema["enumDescriptions"] = std::move(summaries);  // an extension that editors show
  return schema;
}

Json definitions(std::span<const StepSpec* const> steps) {
  const Json target{{"not", {{"const", "target"}}}};
  Json new_name{{"type", "string"}, {"pattern", kNamePattern}};
  new_name.update(target);
  const Json only_one = described({{"const", true}}, "the only connection");
  return {{"scenario", keys_schema(scenario_keys())},
          {"server", keys_schema(server_keys())},
          {"no_vary", any_of({described(text(), "for all variants"), keys_schema(no_vary_keys())})},
          {"step", step_schema(steps)},
          {"payload", payload_schema()},
          {"matcher", matcher_schema()},
          {"framing", framing_schema()},
          {"duration",
           any_of({{{"type", "string"}, {"pattern", "^[0-9]+(\\.[0-9]+)?(h|m|s|ms|us|ns)$"}},
                   {{"type", "string"}, {"pattern", "^\\$\\{[^${}]+\\}$"}}})},
          {"filled",
           {{"type", "string"},
            {"pattern", "^([0-9]+|\\$\\{[^${}]+\\})$"},
            {"description", "a whole number as a text, or ${name}: a variable or a parameter"}}},
          {"exit_codes", exit_codes_schema()},
          {"encoding", one_of_words(encoding_names())},
          {"capability", capability_schema()},
          {"new_name", new_name},
          {"connection", any_of({name(), only_one})},
          {"connections", any_of({name(), only_one, list_of(name())})}};
}

}  // namespace

std::string json_schema(std::span<const StepSpec* const> steps) {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "Dialtone suite"},
              {"description", "Scenarios that are run against a network server"},
              {"allowComments", true}};  // an extension that editors know
  schema.update(keys_schema(suite_keys()));
  schema["definitions"] = definitions(steps);
  return schema.dump(2) + "\n";
}

}  // namespace dialtone
