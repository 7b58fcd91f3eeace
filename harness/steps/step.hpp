#pragma once

#include <string>
#include <utility>
#include <variant>

#include "harness/model/result.hpp"
#include "harness/net/task.hpp"

namespace dialtone {

class Session;

struct Passed {};
/// The endpoint did not do what was expected.
struct Failed {
  Problem problem;
};
/// No judgement is possible: the harness, its machine or the set-up is to blame.
struct Impossible {
  Problem problem;
};
using StepOutcome = std::variant<Passed, Failed, Impossible>;

/// One step of a scenario, ready to run, as often and as concurrently as is wanted: it keeps no
/// state.
class Step {
 public:
  virtual ~Step() = default;
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  virtual Task<StepOutcome> run(Session& session) const = 0;

  /// File descriptors that it may leave open, both sides of a built-in conversation counted: what
  /// is in flight is capped by their sum.
  virtual int descriptors() const { return 1; }
};

}  // namespace dialtone
