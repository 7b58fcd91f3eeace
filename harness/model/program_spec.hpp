#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {

/// A program of a profile that scenarios may launch. Never through a shell. Its texts may hold
/// `${host}`, `${port}` and `${address}`: what it shall call; `${tls_ca}`: a PEM file with the
/// authority that vouches for the harness' own listeners over TLS.
struct ProgramSpec {
  std::vector<Template> command;
  /// Added to the harness' own environment, or put in the place of what it has under that name.
  std::map<std::string, Template> environment{};
  std::optional<Template> directory{};  ///< nullopt: the harness' own
};

/// Reads a program: a list of words, or {"command": [...], "environment": {...}, "directory":
/// "..."}. What is wrong is reported; the result is usable only where nothing was.
ProgramSpec read_program(const JsonNode& node, std::string_view what, LoadContext& context);

/// A text of a profile with the variables that have a value filled in. `at_launch`: those that get
/// one only when a program is launched. Any other is reported.
Template read_profile_text(const JsonNode& node, std::string_view what,
                           const std::vector<std::string>& at_launch, LoadContext& context);

/// One that gets `${host}`, `${port}`, `${address}` and `${tls_ca}` when its program is launched.
Template read_launch_text(const JsonNode& node, std::string_view what, LoadContext& context);

/// {"NAME": "value"}, with the same variables.
std::map<std::string, Template> read_environment(const JsonNode& node, LoadContext& context);

/// A command line: `${host}`, `${port}` and `${address}` get their values at launch.
std::vector<Template> read_command(const JsonNode& node, std::string_view what,
                                   LoadContext& context);

}  // namespace dialtone
