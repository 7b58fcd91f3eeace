#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/matcher.hpp"
#include "harness/model/payload.hpp"
#include "harness/model/step_spec.hpp"

namespace dialtone {

/// Verbs for the tests of this directory, which knows no real ones: one at least for every type of
/// field. They do nothing but note what they read.
std::span<const StepSpec* const> fake_steps();

/// What the `parse` of one of them read.
struct FakeRead {
  std::string verb{};
  std::vector<std::string> names{};  ///< of the connections that it means
  Payload payload{};
  Matcher matcher{};
  Duration within{};
  std::vector<std::string> choices{};
  int count = 0;
};

/// In the order of reading, since the last call.
std::vector<FakeRead> take_fake_reads();

}  // namespace dialtone
