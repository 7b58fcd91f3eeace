#include "harness/model/schema_test_support.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace dialtone {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto* kValidator = R"(import json, sys
from jsonschema import Draft7Validator
data = json.load(open(sys.argv[1]))
Draft7Validator.check_schema(data['schema'])
validator = Draft7Validator(data['schema'])
wrong = [name for name, value, good in data['samples'] if validator.is_valid(value) != good]
print('\n'.join(wrong))
sys.exit(bool(wrong))
)";

}  // namespace

void expect_validator_agrees(const std::string& schema, const std::vector<SchemaSample>& samples) {
  if (std::system("python3 -c 'import jsonschema' 2> /dev/null") != 0)
    GTEST_SKIP() << "python3-jsonschema is not installed";
  auto list = Json::array();
  for (const auto& [name, text, good] : samples)
    list.push_back({name, Json::parse(text, nullptr, true, /*ignore_comments=*/true), good});
  const auto path = ::testing::TempDir() + fmt::format("dialtone_schema_test_{}", ::getpid());
  std::ofstream(path + ".json") << Json({{"schema", Json::parse(schema)}, {"samples", list}});
  std::ofstream(path + ".py") << kValidator;
  EXPECT_EQ(std::system(fmt::format("python3 '{0}.py' '{0}.json'", path).c_str()), 0)
      << "the samples named above";
  std::filesystem::remove(path + ".json");
  std::filesystem::remove(path + ".py");
}

}  // namespace dialtone
