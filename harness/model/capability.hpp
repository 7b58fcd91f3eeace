#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

/// What an endpoint provides and a scenario may need. `code` is the catalogue's (C0 to C8), where
/// it has one.
struct Capability {
  std::string_view name;
  std::string_view code;
  std::string_view summary;
};

std::span<const Capability> capabilities();
std::vector<std::string> capability_names();

/// nullptr where there is none of that name.
const Capability* find_capability(std::string_view name);

/// Why something that has `provided` cannot serve what needs `needed`: "the target does not provide
/// 'process' (C2: ...)". nullopt where it can.
std::optional<std::string> missing_capability(const std::set<std::string>& needed,
                                              const std::set<std::string>& provided);

}  // namespace dialtone
