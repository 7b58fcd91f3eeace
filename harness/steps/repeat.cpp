#include <fmt/format.h>

#include <array>
#include <vector>

#include "harness/model/step_reader.hpp"
#include "harness/steps/rounds.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

constexpr int kMostRounds = 5000;

std::vector<ExpandedStep> expand_repeat(StepReader& reader) {
  const int rounds = reader.integer("repeat", 1);
  if (rounds >= 1 && rounds <= kMostRounds) return rounds_of(reader, rounds);
  reader.report("repeat", fmt::format("'repeat' must be between 1 and {}", kMostRounds));
  return {};
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
