#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/result.hpp"

namespace dialtone {

/// The type of the problem of a scenario that passed although the profile says that it fails.
inline constexpr std::string_view kKnownFailurePassed = "KnownFailurePassed";

/// The `known_failures` of a profile: id -> a reason, or {"reason", "until"}. Every mistake is
/// reported.
std::map<std::string, KnownFailure> read_known_failures(const JsonNode* node, LoadContext& context);

/// Turns a failure that the profile knows into the verdict known, and a pass where one is known
/// into a failure: a list of excuses that nobody prunes hides the next regression. `today` as in
/// holds_on.
void apply_known_failures(ScenarioResult& result, const std::map<std::string, KnownFailure>& known,
                          const std::string& today);

/// Whether `text` is a day that exists, such as "2027-01-31" (ISO 8601).
bool is_date(const std::string& text);

/// Whether it still holds on `today`, another such day: its last day counts.
bool holds_on(const KnownFailure& known, const std::string& today);

}  // namespace dialtone
