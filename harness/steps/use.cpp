#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/json_substitute.hpp"
#include "harness/model/parameter.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/model/variables.hpp"
#include "harness/steps/rounds.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

/// How a fragment refers to a name.
struct Mentions {
  bool any = false;
  bool inside_a_text = false;
};

void look_for(const std::string& name, const JsonNode& node, Mentions& found) {
  if (!name.empty() && whole_variable(node.string) == name) {
    found.any = true;
  } else if (const auto text = Template::parse(node.string);
             const auto* pieces = std::get_if<Template>(&text)) {
    const bool inside = std::ranges::count(pieces->names(), name) > 0;
    found.any |= inside;
    found.inside_a_text |= inside;
  }
  for (const auto& item : node.items) look_for(name, item, found);
  for (const auto& member : node.members) look_for(name, member.value, found);
}

void check_argument(const JsonNode::Member& argument, const JsonNode& fragment,
                    LoadContext& context) {
  Mentions found;
  look_for(argument.key, fragment, found);
  if (!found.any) {
    context.report(argument.key_position,
                   fmt::format("the fragment has no '${{{}}}' that this could stand for",
                               printable(argument.key)));
  } else if (found.inside_a_text && !is_text_value(argument.value)) {
    context.report(
        argument.value,
        fmt::format("'${{{}}}' stands inside a longer text in the fragment, so it cannot be {}",
                    printable(argument.key), kind_name(argument.value.kind)),
        "there, make it an item of its own in a list: [\"...\", \"${name}\"]");
  }
}

NodeValues arguments_of(StepReader& reader, const JsonNode& fragment) {
  NodeValues arguments;
  const auto* with = reader.node("with");
  if (with == nullptr) return arguments;
  for (const auto& member : with->members) {
    check_argument(member, fragment, reader.context());
    arguments.emplace(member.key, member.value);
  }
  return arguments;
}

/// nullptr, and a report, where there is none of that name.
const JsonNode* find_fragment(StepReader& reader) {
  const auto name = reader.text_or("use", "");
  const auto* fragments = reader.context().fragments();
  const auto* fragment = fragments == nullptr ? nullptr : fragments->find(name);
  if (fragment != nullptr) return fragment;
  std::vector<std::string> known;
  if (fragments != nullptr)
    for (const auto& member : fragments->members) known.push_back(member.key);
  reader.report(
      "use", fmt::format("unknown fragment '{}'", printable(name)),
      known.empty() ? "the suite's \"fragments\" give steps a name" : suggest(name, known));
  return nullptr;
}

std::vector<ExpandedStep> expand_use(StepReader& reader) {
  std::vector<ExpandedStep> all;
  const auto* fragment = find_fragment(reader);
  if (fragment == nullptr) return all;
  const auto arguments = arguments_of(reader, *fragment);
  const auto& steps = fragment->items;
  for (std::size_t i = 0; i < steps.size(); ++i)
    all.push_back({std::to_string(i + 1), substitute(steps[i], arguments, counting_name)});
  return all;
}

constexpr std::array kFields{
    Field{"use", FieldType::kText, "the fragment's name", true},
    Field{"with", FieldType::kArguments, "what each ${name} of the fragment stands for"},
};

}  // namespace

extern const StepSpec kUse{.verb = "use",
                           .summary = "Does the steps of one of the suite's fragments.",
                           .fields = kFields,
                           .needs = "",
                           .example = R"({ "use": "served", "with": { "client": "c" } })",
                           .parse = nullptr,
                           .expand = expand_use};

}  // namespace dialtone
