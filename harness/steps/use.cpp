#include <fmt/format.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "harness/model/json_substitute.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

bool mentions(const JsonNode& node, const std::string& variable) {
  if (node.string.find(variable) != std::string::npos) return true;
  for (const auto& item : node.items)
    if (mentions(item, variable)) return true;
  for (const auto& member : node.members)
    if (mentions(member.value, variable)) return true;
  return false;
}

std::map<std::string, JsonNode, std::less<>> arguments_of(StepReader& reader,
                                                          const JsonNode& fragment) {
  std::map<std::string, JsonNode, std::less<>> arguments;
  const auto* with = reader.node("with");
  if (with == nullptr) return arguments;
  for (const auto& member : with->members) {
    if (!mentions(fragment, "${" + member.key + "}"))
      reader.context().report(member.key_position,
                              fmt::format("the fragment has no '${{{}}}' that this could stand for",
                                          printable(member.key)));
    arguments.emplace(member.key, member.value);
  }
  return arguments;
}

std::vector<JsonNode> expand_use(StepReader& reader) {
  const auto name = reader.text_or("use", "");
  const auto* fragments = reader.context().fragments();
  const auto* fragment = fragments == nullptr ? nullptr : fragments->find(name);
  std::vector<JsonNode> all;
  if (fragment == nullptr) {
    std::vector<std::string> known;
    if (fragments != nullptr)
      for (const auto& member : fragments->members) known.push_back(member.key);
    reader.report(
        "use", fmt::format("unknown fragment '{}'", printable(name)),
        known.empty() ? "the suite's \"fragments\" give steps a name" : suggest(name, known));
    return all;
  }
  const auto arguments = arguments_of(reader, *fragment);
  for (const auto& step : fragment->items) all.push_back(substitute(step, arguments));
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
