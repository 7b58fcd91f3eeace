#pragma once

#include <string>

namespace dialtone {

/// The JSON Schema (draft-07) of a profile, made from what the loader reads profiles by:
/// profile_keys() and its like, parameter_specs(), the capabilities; what it shares with suites,
/// such as payloads, is json_schema()'s. Indented by two spaces, in a stable order, ended by LF. It
/// knows less than the loader: not what a variable holds, nor what the framing rules out.
std::string profile_schema();

}  // namespace dialtone
