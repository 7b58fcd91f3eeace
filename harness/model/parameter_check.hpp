#pragma once

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/parameter.hpp"

namespace dialtone {

/// What `parameters`, read from `node`, say, but scenarios cannot be made of: a reply that is too
/// small for what it shall show (ParameterSpec::at_least), one that looks like another
/// (ParameterSpec::unlike), a 'quiet' that outlasts the server's limits of time, a 'step_timeout'
/// that passes before a reply must be there. Each was well formed for itself. Octets that only the
/// run knows, and sizes that a matcher leaves open, are not judged.
void check_parameters(const JsonNode& node, const Parameters& parameters, LoadContext& context);

/// Of a target on another host: gives the parameters that have one their remote fallback, where the
/// profile gives none. Not 'quiet' where a limit of the server's, as a parameter or a variable,
/// would pass meanwhile.
void add_remote_fallbacks(Parameters& parameters, const Variables& variables);

}  // namespace dialtone
