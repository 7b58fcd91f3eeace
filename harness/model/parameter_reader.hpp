#pragma once

#include "harness/model/charset.hpp"
#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/parameter.hpp"

namespace dialtone {

/// What a parameter that is a whole number may be at most.
constexpr int kLargestParameter = 1000;

/// What a profile means that leaves parameters out: gives those a value that have none in `known`.
void add_fallbacks(Variables& known);

/// The `parameters` of a profile; `encoding` is that of its texts. Every mistake is reported.
Parameters read_parameters(const JsonNode* node, Encoding encoding, LoadContext& context);

}  // namespace dialtone
