#pragma once

#include <string>
#include <vector>

namespace dialtone {

/// A JSON text, with // comments maybe, that a schema must take, or must not.
struct SchemaSample {
  std::string name;
  std::string text;
  bool good;
};

/// Asks Python's jsonschema (draft 7) about each of them, and whether the schema is one; the test
/// fails where it thinks otherwise, and is skipped where it is not installed.
void expect_validator_agrees(const std::string& schema, const std::vector<SchemaSample>& samples);

}  // namespace dialtone
