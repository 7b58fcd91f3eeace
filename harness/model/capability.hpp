#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/framing.hpp"

namespace dialtone {

/// Why nothing that cuts or joins requests holds for a target.
constexpr std::string_view kIsOneShot = "the profile's framing is oneshot";

/// What an endpoint provides and a scenario may need. `code` is the catalogue's (C0 to C8), where
/// it has one.
struct Capability {
  std::string_view name;
  std::string_view code;
  std::string_view summary;
  std::string_view absence = {};  ///< why it is missing, where that has one reason alone
};

std::span<const Capability> capabilities();
std::vector<std::string> capability_names();

/// nullptr where there is none of that name.
const Capability* find_capability(std::string_view name);

/// Those that follow from how a profile frames requests: all of them where it does not say.
std::set<std::string> capabilities_of(const std::optional<Framing>& framing);

/// Why something that has `provided` cannot serve what needs `needed`: "the target does not provide
/// 'process' (C2: ...)". nullopt where it can.
std::optional<std::string> missing_capability(const std::set<std::string>& needed,
                                              const std::set<std::string>& provided);

}  // namespace dialtone
