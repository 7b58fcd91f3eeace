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

constexpr int kMostRounds = 5000;

std::vector<JsonNode> expand_repeat(StepReader& reader) {
  const auto* steps = reader.node("steps");
  const int rounds = reader.integer("repeat", 1);
  if (rounds < 1 || rounds > kMostRounds)
    reader.report("repeat", fmt::format("'repeat' must be between 1 and {}", kMostRounds));
  const auto name = reader.text_or("as", "round");
  std::vector<JsonNode> all;
  for (int round = 1; steps != nullptr && round <= std::min(rounds, kMostRounds); ++round) {
    for (const auto& step : steps->items) {
      all.push_back(substitute(step, {{name, text_node(std::to_string(round), step.position)}}));
    }
  }
  return all;
}

constexpr std::array kFields{
    Field{"repeat", FieldType::kInteger, "how often", true},
    Field{"steps", FieldType::kSteps, "what is done each time", true},
    Field{"as", FieldType::kVariable,
          "${NAME} stands for the round's number, from 1, in these steps; \"round\" by default"},
};

}  // namespace

extern const StepSpec kRepeat{
    .verb = "repeat",
    .summary = "Does the same steps again and again, one round after another.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "repeat": 3, "steps": [{ "connect": "c${round}" }] })",
    .parse = nullptr,
    .expand = expand_repeat};

}  // namespace dialtone
