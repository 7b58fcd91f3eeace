#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

/// A key of a suite, a scenario or a scenario's `server`: what the loader refuses others by, and
/// the JSON Schema and the documentation are made from.
struct KeySpec {
  enum class Type {
    kString,
    kId,
    kStringList,
    kCapabilities,
    kBoolean,
    kInteger,
    kDuration,
    kEncoding,
    kLevel,
    kNoVary,
    kVariables,
    kFragments,
    kServer,
    kPersonality,
    kScenarios,
    kSteps
  };
  std::string_view name;
  Type type;
  std::string_view summary;
  bool required = false;
};

constexpr std::size_t kLongestId = 200;
constexpr std::int64_t kLargestPort = 65535;

std::span<const KeySpec> suite_keys();
std::span<const KeySpec> scenario_keys();
std::span<const KeySpec> server_keys();
std::span<const KeySpec> no_vary_keys();

std::vector<std::string> names_of(std::span<const KeySpec> keys);

}  // namespace dialtone
