#include "harness/model/program_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/model/profile_keys.hpp"

namespace dialtone {
namespace {

const std::vector<std::string> kAtLaunch{"port", "host", "address", "tls_ca"};

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

Template read_launch_text(const JsonNode& node, std::string_view what, LoadContext& context) {
  return read_profile_text(node, what, kAtLaunch, context);
}

std::vector<Template> read_command(const JsonNode& node, std::string_view what,
                                   LoadContext& context) {
  std::vector<Template> words;
  if (!context.expect_kind(node, JsonNode::Kind::kArray, what)) return words;
  if (node.items.empty())
    context.report(node, fmt::format("{} is empty", what), "the program, then its arguments");
  for (const auto& item : node.items) {
    words.push_back(read_launch_text(item, fmt::format("each word of {}", what), context));
  }
  return words;
}

std::map<std::string, Template> read_environment(const JsonNode& node, LoadContext& context) {
  std::map<std::string, Template> environment;
  if (!context.expect_kind(node, JsonNode::Kind::kObject, "'environment'")) return environment;
  for (const auto& member : node.members) {
    const auto name = printable(member.key);
    if (member.key.empty() || member.key.find('=') != std::string::npos) {
      context.report(member.key_position,
                     fmt::format("bad name '{}' of an environment variable", name));
    }
    environment[member.key] =
        read_launch_text(member.value, fmt::format("environment variable '{}'", name), context);
  }
  return environment;
}

ProgramSpec read_program(const JsonNode& node, std::string_view what, LoadContext& context) {
  if (node.kind != JsonNode::Kind::kObject) return {read_command(node, what, context)};
  ProgramSpec program;
  check_profile_keys(node, program_keys(), what, context);
  if (const auto* words = node.find("command")) {
    program.command = read_command(*words, "'command'", context);
  } else {
    context.report(node, fmt::format("{} needs 'command'", what),
                   R"("command": ["./client", "${host}", "${port}"])");
  }
  if (const auto* environment = node.find("environment"))
    program.environment = read_environment(*environment, context);
  if (const auto* directory = node.find("directory"))
    program.directory = read_launch_text(*directory, "'directory'", context);
  return program;
}

}  // namespace dialtone
