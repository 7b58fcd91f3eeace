#pragma once

#include "harness/model/scenario.hpp"

namespace dialtone {

/// Raises the soft limit of file descriptors to the hard one and returns what scenarios may use of
/// it: four fifths.
int descriptor_budget();

/// Descriptors that a scenario may have open at once, its server's side counted.
int descriptors_of(const Scenario& scenario);

}  // namespace dialtone
