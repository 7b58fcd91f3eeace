#include "harness/model/json_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "harness/model/capability.hpp"
#include "harness/model/charset.hpp"
#include "harness/model/duration.hpp"
#include "harness/model/fake_steps.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/schema_test_support.hpp"
#include "harness/model/suite_keys.hpp"

namespace dialtone {
namespace {

using Json = nlohmann::ordered_json;

Json schema() { return Json::parse(json_schema(fake_steps())); }

template <class Names>
void expect_keys(const Json& properties, const Names& names) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : properties.items()) keys.push_back(key);
  EXPECT_EQ(keys, names);
}

/// Every "$ref" below `node`.
void collect_refs(const Json& node, std::set<std::string>& refs) {
  if (node.is_object() && node.contains("$ref")) refs.insert(node["$ref"]);
  if (!node.is_structured()) return;
  for (const auto& child : node) collect_refs(child, refs);
}

TEST(JsonSchemaTest, IsIndentedByTwoAndEndsWithOneLineFeed) {
  const auto text = json_schema(fake_steps());
  EXPECT_TRUE(text.starts_with("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"));
  EXPECT_TRUE(text.ends_with("\n}\n"));
  EXPECT_EQ(text, json_schema(fake_steps()));
}

TEST(JsonSchemaTest, HasTheKeysThatTheLoaderKnows) {
  const auto root = schema();
  expect_keys(root["properties"], names_of(suite_keys()));
  expect_keys(root["definitions"]["scenario"]["properties"], names_of(scenario_keys()));
  expect_keys(root["definitions"]["server"]["properties"], names_of(server_keys()));
  for (const auto& object :
       {root, root["definitions"]["scenario"], root["definitions"]["server"]}) {
    EXPECT_EQ(object["additionalProperties"], false);
    for (const auto& [key, value] : object["properties"].items()) {
      EXPECT_FALSE(value["description"].get<std::string>().empty()) << key;
    }
  }
  EXPECT_EQ(root["required"], Json({"suite", "scenarios"}));
  EXPECT_EQ(root["definitions"]["scenario"]["required"], Json({"id", "steps"}));
}

TEST(JsonSchemaTest, AStepIsOneOfTheVerbs) {
  const auto verbs = schema()["definitions"]["step"]["oneOf"];
  ASSERT_EQ(verbs.size(), fake_steps().size());
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    const auto& spec = *fake_steps()[i];
    std::vector<std::string> fields;
    for (const auto& field : spec.fields) fields.emplace_back(field.name);
    for (const auto& field : common_fields()) fields.emplace_back(field.name);
    expect_keys(verbs[i]["properties"], fields);
    EXPECT_EQ(verbs[i]["additionalProperties"], false);
    EXPECT_EQ(verbs[i]["required"][0], spec.verb);
    EXPECT_EQ(verbs[i]["description"], spec.summary);
    EXPECT_EQ(verbs[i]["examples"][0], Json::parse(spec.example));
  }
  EXPECT_EQ(verbs[5]["required"], Json({"accept", "on"}));
}

TEST(JsonSchemaTest, NamesEncodingsAndCapabilities) {
  const auto definitions = schema()["definitions"];
  EXPECT_EQ(definitions["encoding"]["enum"], Json(encoding_names()));
  EXPECT_EQ(definitions["capability"]["enum"], Json(capability_names()));
}

TEST(JsonSchemaTest, EveryReferenceHasItsDefinition) {
  const auto root = schema();
  std::set<std::string> refs;
  collect_refs(root, refs);
  std::set<std::string> defined;
  for (const auto& [name, value] : root["definitions"].items()) {
    defined.insert("#/definitions/" + name);
  }
  EXPECT_EQ(refs, defined);
}

TEST(JsonSchemaTest, ADurationIsWhatTheLoaderTakes) {
  const auto kinds = schema()["definitions"]["duration"]["anyOf"];  // the other is ${name}
  const std::regex pattern(kinds[0]["pattern"].get<std::string>(), std::regex::ECMAScript);
  for (const auto* text : {"200ms", "1.5s", "2m",  "50us", "0s",     "7ns", "1h",  "024h", "5",
                           "",      "s",    "1 s", "1,5s", "-1s",    "+1s", "1.s", ".5s",  "1e3s",
                           "1S",    "1sec", "1s ", " 1s",  "1.5.5s", "1d",  "0x1s"}) {
    EXPECT_EQ(std::regex_search(text, pattern), parse_duration(text).has_value()) << text;
  }
}

// --- what validates, by an implementation of JSON Schema, and what the loader says of the same ---

struct Sample {
  const char* name;
  std::string suite;
  bool good;
};

std::string with_steps(const std::string& steps) {
  return R"({"suite": "s", "scenarios": [{"id": "a", "steps": [{"connect": "c"}, )" + steps +
         "]}]}";
}
std::string with_key(const std::string& key) {
  return R"({"suite": "s", "scenarios": [{"id": "a", )" + key +
         R"(, "steps": [{"connect": "c"}]}]})";
}

const std::vector<Sample> kSamples{
    {"plain", with_steps(R"({"send": "x"})"), true},
    {"every suite key",
     R"({"$schema": "x", "suite": "s", "title": "t", "note": "n", "encoding": "gbk",
       "timeout": "2s", "vars": {"a": "b", "n": 1}, "needs": ["local"],
       "scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     true},
    {"every scenario key", with_key(R"("title": "t", "level": "MAY", "source": "s", "note": "n",
       "no_fault": "f", "tags": ["t"], "needs": ["process"], "encoding": "ascii", "timeout": "1.5s",
       "ignore_leftover": true, "server": {"once": true, "port": 80})"),
     true},
    {"payloads",
     with_steps(R"({"send": ["a", {"text": "b", "encoding": "latin-1"}, {"hex": "c4 E3"},
       {"base64": "AAE="}, {"repeat": {"hex": "00"}, "times": 2}, {"random": 5, "seed": -1}, []]})"),
     true},
    {"matchers",
     with_steps(R"({"expect": "x"}, {"expect": {"hex": "00"}}, {"expect": {"prefix": "x"}},
       {"expect": {"contains": ["x", "y"]}}, {"expect": {"until": "\n"}, "capture": "v"},
       {"expect": {"length": 3}}, {"expect": {"regex": "x+", "as": "bytes"}})"),
     true},
    {"frames", with_steps(R"({"send": {"frame": "x", "framing": {"delimiter": {"hex": "00"}}}},
       {"send": {"frame": ["x"], "framing": "oneshot"}},
       {"expect": {"frame": "line", "body": {"regex": "x+"}}}, {"expect": {"frame": {"fixed": 4}}},
       {"expect": {"frame": {"length_prefix": {"octets": 4, "order": "little", "counts": "whole",
        "offset": 1, "add": 1}}}}, {"expect": {"frame": true}})"),
     true},
    {"a framing that is none", with_steps(R"({"expect": {"frame": "lines"}})"), false},
    {"false for a frame", with_steps(R"({"expect": {"frame": false}})"), false},
    {"a body beside a payload's frame", with_steps(R"({"send": {"frame": "x", "body": "y"}})"),
     false},
    {"a length of five", with_steps(R"({"expect": {"frame": {"length_prefix": {"octets": 5}}}})"),
     false},
    {"no length", with_steps(R"({"expect": {"frame": {"length_prefix": {}}}})"), false},
    {"names",
     with_steps(R"({"listen": "l"}, {"accept": "b", "on": "l"}, {"close": "b", "note": "n"})"),
     true},
    {"lists",
     with_steps(R"({"look": ["c", "target"], "state": ["LISTEN", "TIME_WAIT"], "of": "target"},
       {"look": "target", "state": "LISTEN", "within": "5us"}, {"close": ["c"]})"),
     true},
    {"only connection", with_steps(R"({"close": true})"), true},
    {"no scenarios", R"({"suite": "s", "scenarios": []})", false},
    {"no suite", R"({"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})", false},
    {"list", "[]", false},
    {"unknown key", with_key(R"("levle": "MAY")"), false},
    {"unknown level", with_key(R"("level": "may")"), false},
    {"unknown encoding", with_key(R"("encoding": "gkb")"), false},
    {"unknown capability", with_key(R"("needs": ["telepathy"])"), false},
    {"bad duration", with_key(R"("timeout": "5")"), false},
    {"number for a duration", with_key(R"("timeout": 5)"), false},
    {"unknown key of server", with_key(R"("server": {"onec": true})"), false},
    {"port", with_key(R"("server": {"port": 65536})"), false},
    {"bad id", R"({"suite": "s", "scenarios": [{"id": "a/b", "steps": [{"connect": "c"}]}]})",
     false},
    {"no steps", R"({"suite": "s", "scenarios": [{"id": "a", "steps": []}]})", false},
    {"empty step", with_steps("{}"), false},
    {"unknown verb", with_steps(R"({"sned": "x"})"), false},
    {"two verbs", with_steps(R"({"send": "x", "expect": "y"})"), false},
    {"unknown field", with_steps(R"({"send": "x", "onn": "c"})"), false},
    {"missing field", with_steps(R"({"accept": "b"})"), false},
    {"true for a new name", with_steps(R"({"connect": true})"), false},
    {"bad name", with_steps(R"({"connect": "a b"})"), false},
    {"reserved name", with_steps(R"({"connect": "target"})"), false},
    {"unknown choice", with_steps(R"({"connect": "d", "outcome": "refusd"})"), false},
    {"no choices", with_steps(R"({"look": "c", "state": []})"), false},
    {"twice in a list", with_steps(R"({"close": ["c", "c"]})"), false},
    {"negative number", with_steps(R"({"connect": "d", "count": -1})"), false},
    {"fraction", with_steps(R"({"connect": "d", "count": 1.5})"), false},
    {"string for a flag", with_steps(R"({"spawn": "p", "watch": "yes"})"), false},
    {"number for a payload", with_steps(R"({"send": 5})"), false},
    {"bad hex", with_steps(R"({"send": {"hex": "c4 e"}})"), false},
    {"two payloads", with_steps(R"({"send": {"hex": "00", "text": "a"}})"), false},
    {"repeat without times", with_steps(R"({"send": {"repeat": "a"}})"), false},
    {"matcher for a payload", with_steps(R"({"send": {"prefix": "a"}})"), false},
    {"two matchers", with_steps(R"({"expect": {"prefix": "a", "until": "b"}})"), false},
    {"length zero", with_steps(R"({"expect": {"length": 0}})"), false},
    {"regex as text", with_steps(R"({"expect": {"regex": "a", "as": "octets"}})"), false},
};

TEST(JsonSchemaTest, TheLoaderAgreesWithTheSamples) {
  for (const auto& [name, suite, good] : kSamples) {
    Diagnostics diagnostics;
    load_suite("s.json", suite, {fake_steps(), {}}, diagnostics);
    EXPECT_EQ(diagnostics.empty(), good) << name << ": " << suite;
  }
}

TEST(JsonSchemaTest, AValidatorAgreesWithTheLoader) {
  std::vector<SchemaSample> samples;
  for (const auto& [name, suite, good] : kSamples) samples.push_back({name, suite, good});
  expect_validator_agrees(json_schema(fake_steps()), samples);
}

}  // namespace
}  // namespace dialtone
