#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/program_spec.hpp"

namespace dialtone {

/// Something that a target is told: a signal to the program that was launched, or a program of the
/// user's that does it, wherever the target runs.
struct ControlAction {
  int signal = 0;  ///< where `program` is absent
  std::optional<ProgramSpec> program{};
};

/// How a target does what a capability "control.NAME" promises.
struct ControlSpec {
  ControlAction action;
  /// Takes it back: at the end of a scenario, where the target outlives it.
  std::optional<ControlAction> undo{};
};
using ControlSpecs = std::map<std::string, ControlSpec>;

/// What follows "control." in the capabilities that a profile can provide.
std::vector<std::string> control_names();

/// {"signal": "SIGUSR1"} or {"command": [...]}, each with an "undo" of the same form if wanted.
/// What is wrong is reported; the result is usable only where nothing was.
ControlSpec read_control(const JsonNode& node, LoadContext& context);

/// The number of a signal's name; reported, and nullopt, where it has none.
std::optional<int> read_signal(const JsonNode& node, LoadContext& context);

}  // namespace dialtone
