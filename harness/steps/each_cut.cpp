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

constexpr std::size_t kMostCuts = 2000;

std::vector<JsonNode> expand_each_cut(StepReader& reader) {
  const auto* steps = reader.node("steps");
  const auto payload = reader.payload("each_cut");
  const auto* octets = payload.constant();
  std::vector<JsonNode> all;
  if (octets == nullptr || octets->size() > kMostCuts) {
    reader.report("each_cut",
                  octets == nullptr ? std::string("these octets depend on the run")
                                    : fmt::format("more than {} octets", kMostCuts),
                  "each of their inner boundaries is one round");
    return all;
  }
  const auto name = reader.text_or("as", "cut");
  // Without an inner boundary there is nothing to cut, and one round shows the octets whole.
  for (std::size_t cut = 1; steps != nullptr && cut < std::max<std::size_t>(octets->size(), 2);
       ++cut) {
    for (const auto& step : steps->items)
      all.push_back(substitute(step, {{name, text_node(std::to_string(cut), step.position)}}));
  }
  return all;
}

constexpr std::array kFields{
    Field{"each_cut", FieldType::kPayload, "the octets whose inner boundaries are meant", true},
    Field{"steps", FieldType::kSteps, "what is done each time", true},
    Field{"as", FieldType::kVariable,
          "${NAME} stands for the octets before the boundary, in these steps; \"cut\" by default"},
};

}  // namespace

extern const StepSpec kEachCut{
    .verb = "each_cut",
    .summary = "Does the same steps once for each place where the octets can be cut in two.",
    .fields = kFields,
    .needs = "",
    .example =
        R"({ "each_cut": "ping\n", "steps": [{ "send": "ping\n", "split": "${cut}" }, { "expect": "pong\n" }] })",
    .parse = nullptr,
    .expand = expand_each_cut};

}  // namespace dialtone
