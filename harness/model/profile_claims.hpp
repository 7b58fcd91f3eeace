#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/model/profile.hpp"

namespace dialtone {

/// What is wrong with a capability that somebody has written down for a target.
struct FalseClaim {
  std::string message;
  std::string hint;
};

/// Why `capability` cannot be provided by saying so: it is found out, or it takes something that
/// the profile does not have, such as a command to launch. All scenarios that need it would be
/// errors. nullopt: it may be true.
std::optional<FalseClaim> false_claim(std::string_view capability, const Profile& profile);

}  // namespace dialtone
