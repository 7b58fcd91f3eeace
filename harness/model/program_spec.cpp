#include "harness/model/program_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

const std::vector<std::string> kAtLaunch{"port", "host", "address"};

bool is_environment_name(std::string_view name) {
  return !name.empty() && name.find('=') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

void read_environment(const JsonNode& node, ProgramSpec& program, LoadContext& context) {
  if (!context.expect_kind(node, JsonNode::Kind::kObject, "'environment'")) return;
  for (const auto& member : node.members) {
    if (!is_environment_name(member.key)) {
      context.report(
          member.key_position,
          fmt::format("'{}' is no name of a variable of the environment", printable(member.key)),
          "not empty, and without '='");
    }
    const auto what = fmt::format("variable '{}' of the environment", printable(member.key));
    program.environment[member.key] = read_profile_text(member.value, what, kAtLaunch, context);
  }
}

}  // namespace

Template read_profile_text(const JsonNode& node, std::string_view what,
                           const std::vector<std::string>& at_launch, LoadContext& context) {
  if (!context.expect_kind(node, JsonNode::Kind::kString, what)) return {};
  const auto parsed = Template::parse(node.string);
  if (const auto* error = std::get_if<Template::SyntaxError>(&parsed)) {
    context.report(node, error->message, "write '$${' for a literal '${'");
    return {};
  }
  auto filled = std::get<Template>(parsed).with(context.variables());
  for (const auto& name : filled.names()) {
    if (std::ranges::find(at_launch, name) != at_launch.end()) continue;
    auto known = at_launch;
    for (const auto& [variable, value] : context.variables()) known.push_back(variable);
    context.report(node, fmt::format("unknown variable '{}'", printable(name)),
                   known.empty()
                       ? fmt::format("give it under 'vars', or by --var {}=...", printable(name))
                       : suggest(name, known));
  }
  return filled;
}

std::vector<Template> read_command(const JsonNode& node, std::string_view what,
                                   LoadContext& context) {
  std::vector<Template> words;
  if (!context.expect_kind(node, JsonNode::Kind::kArray, what)) return words;
  if (node.items.empty())
    context.report(node, fmt::format("{} is empty", what), "the program, then its arguments");
  for (const auto& item : node.items) {
    words.push_back(
        read_profile_text(item, fmt::format("each word of {}", what), kAtLaunch, context));
  }
  return words;
}

ProgramSpec read_program(const JsonNode& node, std::string_view what, LoadContext& context) {
  if (node.kind != JsonNode::Kind::kObject) return {read_command(node, what, context)};
  ProgramSpec program;
  context.refuse_unknown_keys(node, {"command", "environment", "directory"}, what);
  if (const auto* words = node.find("command")) {
    program.command = read_command(*words, "'command'", context);
  } else {
    context.report(node, fmt::format("{} needs 'command'", what),
                   R"("command": ["./client", "${host}", "${port}"])");
  }
  if (const auto* environment = node.find("environment"))
    read_environment(*environment, program, context);
  if (const auto* directory = node.find("directory"))
    program.directory = read_profile_text(*directory, "'directory'", kAtLaunch, context);
  return program;
}

}  // namespace dialtone
