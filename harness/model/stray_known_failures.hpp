#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone {

/// Known failures that no scenario can ever be: their ids are misspelt, or their scenarios have
/// gone. A profile is used with several suites, so only those are told of whose catalogue ("ROB-"
/// of "ROB-01") a scenario of `suites` is from, and whose id stands in none of their files, and in
/// none of the directories of these files, which are read for it. Each names the nearest id.
Diagnostics stray_known_failures(const std::map<std::string, KnownFailure>& known,
                                 const std::vector<std::shared_ptr<const Suite>>& suites);

}  // namespace dialtone
