#include "harness/model/profile_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "harness/model/capability.hpp"
#include "harness/model/parameter.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/profile_keys.hpp"
#include "harness/model/schema_test_support.hpp"

namespace dialtone {
namespace {

using Json = nlohmann::ordered_json;

Json schema() { return Json::parse(profile_schema()); }

std::vector<std::string> keys_of(const Json& properties) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : properties.items()) keys.push_back(key);
  return keys;
}

template <class Table>
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& each : table) names.emplace_back(each.name);
  return names;
}

void collect_refs(const Json& node, std::set<std::string>& refs) {
  if (node.is_object() && node.contains("$ref")) refs.insert(node["$ref"]);
  if (!node.is_structured()) return;
  for (const auto& child : node) collect_refs(child, refs);
}

TEST(ProfileSchemaTest, HasTheKeysThatTheLoaderKnows) {
  const auto root = schema();
  const auto& properties = root["properties"];
  EXPECT_EQ(keys_of(properties), names_of(profile_keys()));
  EXPECT_EQ(keys_of(properties["start"]["properties"]), names_of(start_keys()));
  EXPECT_EQ(keys_of(properties["parameters"]["properties"]), names_of(parameter_specs()));
  EXPECT_EQ(keys_of(properties["tls"]["anyOf"][1]["properties"]), names_of(tls_keys()));
  EXPECT_EQ(root["required"], Json({"address"}));
  EXPECT_EQ(root["additionalProperties"], false);
  EXPECT_EQ(root["definitions"]["capability"]["enum"], Json(capability_names()));
}

TEST(ProfileSchemaTest, EveryReferenceHasItsDefinition) {
  const auto root = schema();
  std::set<std::string> refs;
  collect_refs(root, refs);
  std::set<std::string> defined;
  for (const auto& [name, value] : root["definitions"].items())
    defined.insert("#/definitions/" + name);
  EXPECT_EQ(refs, defined);
}

SchemaSample with(const std::string& keys, bool good) {
  return {keys, R"({"address": "127.0.0.1:${port}", "start": {"command": ["./s"]}, )" + keys + "}",
          good};
}
SchemaSample good(const std::string& keys) { return with(keys, true); }
SchemaSample bad(const std::string& keys) { return with(keys, false); }
SchemaSample start(const std::string& keys, bool is_good) {
  return {"start: " + keys,
          R"({"address": "127.0.0.1:${port}", "start": {"command": ["./s"], )" + keys + "}}",
          is_good};
}

std::vector<SchemaSample> samples() {
  return {
      {"address alone", R"({"address": "127.0.0.1:7788"})", true},
      {"no address", R"({"name": "n"})", false},
      {"number for an address", R"({"address": 7788})", false},
      {"a list", "[]", false},
      {"start without a command", R"({"address": "127.0.0.1:${port}", "start": {}})", false},
      {"an empty command", R"({"address": "127.0.0.1:${port}", "start": {"command": []}})", false},
      {"a command line", R"({"address": "127.0.0.1:${port}", "start": {"command": "./s"}})", false},
      good(R"("$schema": "x", "name": "n", "note": "m", "isolation": "shared", "concurrency": 4)"),
      good(R"("controls": {"close_listener": {"signal": "SIGUSR1"}}, "provides": ["loop"])"),
      good(R"("programs": {"client": ["./c"], "x": {"command": ["./c"], "directory": "/",
              "environment": {"A": "b"}}}, "vars": {"a": "b", "n": 1})"),
      good(R"("encoding": "gbk", "framing": {"delimiter": "\r\n"})"),
      good(R"("known_failures": {"A-1": "r", "A-2": {"reason": "r", "until": "2027-01-31"}})"),
      good(R"("tls": true)"),
      good(R"("tls": {"server_name": "a", "alpn": ["h2"], "verify": false, "min_version": "1.3"})"),
      good(R"("parameters": {"request": ["a", {"hex": "00"}], "reply": {"regex": "a+"},
              "echo_request": "${data}", "quiet": "1s", "clients": 5, "drain_signal": "SIGINT",
              "client_input": "${host}", "client_success_code": 3,
              "client_failure_code": [7, 52]})"),
      good(R"("parameters": {"client_failure_code": "nonzero"})"),
      good(R"("parameters": {"client_failure_code": "not 7,52"})"),
      start(R"("ready": "datagrams", "ready_within": "1s", "stop": "SIGINT", "stop_within": "2s",
               "environment": {"A": "b"}, "directory": "/")",
            true),
      start(R"("ready": "connected")", false),
      start(R"("ready_within": 5)", false),
      start(R"("environment": {"A": 1})", false),
      start(R"("directory": 7)", false),
      start(R"("comand": ["x"])", false),
      bad(R"("nmae": "n")"),
      bad(R"("name": 1)"),
      bad(R"("note": ["n"])"),
      bad(R"("$schema": true)"),
      bad(R"("isolation": "none")"),
      bad(R"("isolation": true)"),
      bad(R"("concurrency": 0)"),
      bad(R"("concurrency": "4")"),
      bad(R"("provides": "loop")"),
      bad(R"("provides": ["lop"])"),
      bad(R"("controls": {"close_listner": {"signal": "SIGUSR1"}})"),
      bad(R"("controls": {"close_listener": {}})"),
      bad(R"("controls": {"close_listener": {"signal": "SIGUSR1", "command": ["./c"]}})"),
      bad(R"("controls": {"close_listener": {"signal": "SIGUSR1", "undo": {}}})"),
      bad(R"("controls": {"close_listener": {"signal": "USR1", "undo": {"signal": "USR2", "undo": {}}}})"),
      bad(R"("controls": {"close_listener": {"command": [], "undo": {"command": ["./o"]}}})"),
      bad(R"("controls": {"close_listener": "SIGUSR1"})"),
      bad(R"("programs": {"client": "./c"})"),
      bad(R"("programs": {"client": {"directory": "/"}})"),
      bad(R"("programs": {"client": []})"),
      bad(R"("vars": {"a": true})"),
      bad(R"("vars": [])"),
      bad(R"("encoding": "gkb")"),
      bad(R"("framing": "lines")"),
      bad(R"("known_failures": {"A-1": ""})"),
      bad(R"("known_failures": {"A-1": {"until": "2027-01-31"}})"),
      bad(R"("known_failures": {"A-1": {"reason": "r", "until": "tomorrow"}})"),
      bad(R"("known_failures": ["A-1"])"),
      bad(R"("tls": "yes")"),
      bad(R"("tls": {"min_version": "1.1"})"),
      bad(R"("tls": {"alpn": "h2"})"),
      bad(R"("tls": {"verify": "no"})"),
      bad(R"("parameters": {"reqest": "a"})"),
      bad(R"("parameters": {"request": 5})"),
      bad(R"("parameters": {"request": {"prefix": "a"}})"),
      bad(R"("parameters": {"clients": 0})"),
      bad(R"("parameters": {"clients": "5"})"),
      bad(R"("parameters": {"quiet": "1"})"),
      bad(R"("parameters": {"drain_signal": 15})"),
      bad(R"("parameters": {"client_failure_code": 256})"),
      bad(R"("parameters": {"client_failure_code": []})"),
      bad(R"("parameters": {"client_failure_code": "seven"})"),
  };
}

/// Those that come with Dialtone: what they are is no mistake.
std::vector<SchemaSample> shipped() {
  std::vector<SchemaSample> found;
  for (const auto* folder : {"profiles", "examples"}) {
    const auto root = std::filesystem::path(DIALTONE_SOURCE_DIR) / "fixtures" / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".json") continue;
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      const auto json = Json::parse(text.str(), nullptr, true, /*ignore_comments=*/true);
      if (json.contains("address")) found.push_back({entry.path().string(), text.str(), true});
    }
  }
  return found;
}

TEST(ProfileSchemaTest, TheLoaderAgreesWithTheSamples) {
  for (const auto& [name, profile, is_good] : samples()) {
    Diagnostics diagnostics;
    load_profile("p.json", profile, {}, diagnostics);
    EXPECT_EQ(diagnostics.empty(), is_good) << name;
  }
}

TEST(ProfileSchemaTest, AValidatorAgreesWithTheLoaderAndTakesTheShippedProfiles) {
  const auto files = shipped();
  ASSERT_GE(files.size(), 10U);
  auto all = samples();
  all.insert(all.end(), files.begin(), files.end());
  expect_validator_agrees(profile_schema(), all);
}

}  // namespace
}  // namespace dialtone
