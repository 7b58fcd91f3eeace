#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/scenario.hpp"

namespace dialtone {

/// Faults of the reference server or client that break a scenario, by the scenario's id, as
/// `--fault` takes them.
using ProvenBy = std::map<std::string, std::vector<std::string>>;

/// What the fault matrix (fixtures/fault_matrix.json) says, the other way round. Throws
/// std::invalid_argument where `json` is no such matrix.
ProvenBy read_fault_matrix(const std::string& json);

/// A page in Markdown on these suites: each scenario with its statement, level, source, what it
/// needs, its steps, the faults that prove it and what a failure usually means.
std::string suite_page(const std::vector<std::shared_ptr<const Suite>>& suites,
                       const ProvenBy& proven_by);

}  // namespace dialtone
