#pragma once

#include <optional>

#include "harness/model/step_reader.hpp"

namespace dialtone {

/// The field `within`; nullopt: the scenario's time-out.
inline std::optional<Duration> read_within(StepReader& reader) {
  if (!reader.has("within")) return std::nullopt;
  return reader.duration("within", {});
}

}  // namespace dialtone
