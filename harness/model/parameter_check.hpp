#pragma once

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/parameter.hpp"

namespace dialtone {

/// What `parameters`, read from `node`, say, but scenarios cannot be made of: a reply that is too
/// small for what it shall show (ParameterSpec::at_least), one that looks like another
/// (ParameterSpec::unlike), a 'quiet' that outlasts the server's limits of time. Each was well
/// formed for itself. Octets that only the run knows, and sizes that a matcher leaves open, are not
/// judged.
void check_parameters(const JsonNode& node, const Parameters& parameters, LoadContext& context);

}  // namespace dialtone
