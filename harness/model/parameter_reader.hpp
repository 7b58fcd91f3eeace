#pragma once

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/parameter.hpp"

namespace dialtone {

/// What a profile means that leaves parameters out: gives those a value that have none in `known`.
void add_fallbacks(Variables& known);

/// The `parameters` of a profile; `encoding`, of its texts, may be nullptr: UTF-8. Every mistake is
/// reported.
Parameters read_parameters(const JsonNode* node, const JsonNode* encoding, LoadContext& context);

}  // namespace dialtone
