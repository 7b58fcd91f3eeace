#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/plan.hpp"
#include "harness/model/shard.hpp"

/// Divides a plan into shards: every shard of a plan, made with the same arguments anywhere, has
/// other scenarios, and all of them together have all. Pure.
namespace dialtone {

/// How long scenarios took, by their names as scenario_name() gives them.
using ScenarioTimes = std::map<std::string, Duration>;

/// "article.closing/ART-36".
std::string scenario_name(const Suite& suite, const Scenario& scenario);

/// Places in the plan, from 0 and ascending, of what the shard is to run; may be none. All
/// repetitions of a scenario go to one shard.
///
/// By time: the longest first, each to the shard with the least so far; a scenario that `times`
/// does not have counts as the median of those that it has.
std::vector<std::size_t> places_of(const std::vector<PlannedScenario>& plan, const Shard& shard,
                                   ShardMethod method, const ScenarioTimes& times);

/// 16 hexadecimal digits that tell apart texts of which none was made to deceive (FNV-1a, 64 bits).
/// The same on every machine, and in later versions.
std::string digest_of(const std::vector<std::string>& texts);

/// Of what the plan is about: which scenarios in which order, and what their steps say. Where the
/// suites lie does not matter, nor what a target provides.
std::string digest_of(const std::vector<PlannedScenario>& plan);

}  // namespace dialtone
