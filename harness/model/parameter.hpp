#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/matcher.hpp"
#include "harness/model/payload.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {

/// What a parameter's value is, in a profile.
enum class ParameterType {
  kPayload,        ///< octets
  kMatcher,        ///< octets, or what they must be like
  kEcho,           ///< octets around `${data}`, where `${length}` is its size in decimal
  kClientPayload,  ///< octets; `${host}` and `${port}` stand for the harness' listener
  kDuration,
  kInteger,
  kSignal,
  kExitCodes,
};

/// Something that a suite leaves to the profile: what this server is asked, what it answers, how
/// long it takes (requirements 2 and 3: "in terms of a profile"). A table, so that the loader, the
/// schema and the documentation agree.
struct ParameterSpec {
  std::string_view name;
  ParameterType type;
  std::string_view summary;
  /// Of a scalar; empty: it has none. It may refer to parameters that stand before it.
  std::string_view fallback = {};
  std::string_view remote_fallback = {};  ///< in its place, of a target on another host
  bool optional = false;            ///< of a matcher: where it is absent it stands for no octets
  std::size_t at_least = 0;         ///< octets, where its size is known before the run
  std::string_view too_small = {};  ///< why fewer would show nothing
  std::string_view unlike = {};     ///< the parameter that it must differ from; may be empty
};

std::span<const ParameterSpec> parameter_specs();
std::vector<std::string> parameter_names();

/// nullptr where there is none of that name.
const ParameterSpec* find_parameter(std::string_view name);

/// For people: "a payload", "a duration, such as \"200ms\"".
std::string_view describe(ParameterType type);

/// Durations, integers, signals and exit codes: their values are variables like any other.
bool is_scalar(ParameterType type);

/// The values that a profile gives.
struct Parameters {
  Variables scalars;  ///< "200ms", "30", "SIGTERM"
  std::map<std::string, Payload, std::less<>> payloads;
  std::map<std::string, Matcher, std::less<>> matchers;

  bool has(std::string_view name) const;
  /// As capabilities: "parameter.request". Fallbacks count.
  std::vector<std::string> provided() const;
};

/// The capability that stands for a parameter: "parameter.request".
std::string parameter_capability(std::string_view name);

/// The parameter's name in such a capability; empty where it is another one.
std::string_view parameter_of_capability(std::string_view capability);

/// `text` as a name, where it is `${name}` and no more; empty otherwise.
std::string_view whole_variable(std::string_view text);

}  // namespace dialtone
