#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "harness/model/step_reader.hpp"
#include "harness/steps/rounds.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kMostOctets = 2000;

std::vector<ExpandedStep> expand_each_cut(StepReader& reader) {
  const auto before = reader.context().mistakes();
  const auto payload = reader.payload("each_cut");
  if (reader.context().mistakes() != before) return {};
  const auto* octets = payload.constant();
  if (octets == nullptr || octets->size() > kMostOctets) {
    reader.report("each_cut",
                  octets == nullptr ? "these octets depend on the run, but must be known before it"
                                    : fmt::format("more than {} octets", kMostOctets),
                  "each of their inner boundaries is one round");
    return {};
  }
  // Without an inner boundary there is nothing to cut, and one round shows the octets whole.
  return rounds_of(reader, std::max(static_cast<int>(octets->size()) - 1, 1));
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
        R"({ "each_cut": "ping\n", "steps": [{ "send": "ping\n", "split": "${cut}", "on": "c" }, { "expect": "pong\n", "on": "c" }] })",
    .parse = nullptr,
    .expand = expand_each_cut};

}  // namespace dialtone
