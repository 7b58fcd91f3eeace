#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/divide.hpp"
#include "harness/model/plan.hpp"
#include "harness/model/shard.hpp"

namespace dialtone {

/// The options that say which part of the scenarios, as `run` and `list` take them.
struct ShardOptions {
  std::string shard;        ///< "", "2/5", "auto" or "auto/5"
  std::string by = "hash";  ///< "hash", "slice" or "time=LOG"
};

void add_shard_options(CLI::App& command, ShardOptions& options);

/// How a plan is divided, and which part of it is wanted.
struct ShardRequest {
  std::optional<Shard> shard;  ///< nullopt: the whole
  ShardMethod method = ShardMethod::kHash;
  ScenarioTimes times{};
  std::vector<std::string> touched{};  ///< files that tell engines that shards are understood
};

/// What the options and the environment say; or every mistake of both.
std::variant<ShardRequest, Diagnostics> choose_shard(const ShardOptions& options);

/// Creates each file, or renews its time; false after what could not be done was printed.
bool touch_files(const std::vector<std::string>& files);

/// Leaves the plan what the shard is to run, and says which part that is; nullopt where the whole
/// plan stays. `options`: what shards of one run have in common on their command lines.
std::optional<RunShard> take_shard(std::vector<PlannedScenario>& plan, const ShardRequest& request,
                                   const std::string& options);

}  // namespace dialtone
