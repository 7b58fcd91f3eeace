#pragma once

#include <span>
#include <string_view>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/suite_keys.hpp"

namespace dialtone {

/// Reports what `object`, called `what`, has wrong by its keys: that it is no object (false then),
/// unknown keys, missing ones, values of another type. A `server`, scenarios and steps are looked
/// into by who reads them.
bool check_keys(const JsonNode& object, std::span<const KeySpec> keys, std::string_view what,
                LoadContext& context);

}  // namespace dialtone
