#include "harness/model/control_spec.hpp"

#include <fmt/format.h>

#include "harness/model/printable.hpp"
#include "harness/model/profile_keys.hpp"
#include "harness/model/signal_name.hpp"

namespace dialtone {
namespace {

constexpr auto* kForms = R"({"signal": "SIGUSR1"}, or {"command": ["./admin", "close"]})";

ControlAction read_action(const JsonNode& node, std::string_view what, LoadContext& context) {
  ControlAction action;
  const auto* signal = node.find("signal");
  const auto* program = node.find("command");
  if (signal == nullptr && program == nullptr)
    context.report(node, fmt::format("{} needs 'signal' or 'command'", what), kForms);
  if (signal != nullptr && program != nullptr)
    context.report(*program, "'signal' and 'command' exclude each other", kForms);
  if (signal != nullptr) action.signal = read_signal(*signal, context).value_or(0);
  if (program != nullptr) action.program = read_program(*program, "'command'", context);
  return action;
}

}  // namespace

std::vector<std::string> control_names() { return {"close_listener", "pause_accept"}; }

std::optional<int> read_signal(const JsonNode& node, LoadContext& context) {
  if (!context.expect_kind(node, JsonNode::Kind::kString, "a signal")) return std::nullopt;
  const auto found = find_signal(node.string);
  if (!found)
    context.report(node, fmt::format("unknown signal '{}'", printable(node.string)),
                   "by its name, such as \"SIGTERM\" or \"SIGUSR1\"");
  return found;
}

ControlSpec read_control(const JsonNode& node, LoadContext& context) {
  if (!context.expect_kind(node, JsonNode::Kind::kObject, "a control")) return {};
  check_profile_keys(node, control_keys(), "a control", context);
  ControlSpec control{read_action(node, "a control", context)};
  const auto* undo = node.find("undo");
  if (undo == nullptr || !context.expect_kind(*undo, JsonNode::Kind::kObject, "'undo'"))
    return control;
  check_profile_keys(*undo, undo_keys(), "'undo'", context);
  control.undo = read_action(*undo, "'undo'", context);
  return control;
}

}  // namespace dialtone
