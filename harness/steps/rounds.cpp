#include "harness/steps/rounds.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "harness/model/json_substitute.hpp"

namespace dialtone {

std::string counting_name(const JsonNode& step) {
  const bool repeats = step.find("repeat") != nullptr;
  if (step.find("steps") == nullptr || (!repeats && step.find("each_cut") == nullptr)) return {};
  const auto* as = step.find("as");
  if (as != nullptr) return as->string;
  return repeats ? "round" : "cut";
}

std::vector<ExpandedStep> rounds_of(StepReader& reader, int rounds) {
  const auto name = counting_name(reader.step());
  const auto& steps = reader.node("steps")->items;
  std::vector<ExpandedStep> all;
  for (int round = 1; round <= rounds; ++round) {
    const auto number = std::to_string(round);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const NodeValues value{{name, text_node(number, steps[i].position)}};
      all.push_back(
          {fmt::format("{}.{}", number, i + 1), substitute(steps[i], value, counting_name)});
    }
  }
  return all;
}

}  // namespace dialtone
