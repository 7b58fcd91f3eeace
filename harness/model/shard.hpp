#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

struct RunResult;

/// One of the parts that a run is divided into, to be run on several machines.
struct Shard {
  int index = 1;  ///< from 1
  int total = 1;

  bool operator==(const Shard&) const = default;
};

inline constexpr int kMostShards = 100'000;

/// "2/5".
std::string to_string(const Shard& shard);

/// "2/5"; nullopt where it is none: an index that is not in 1 to the total, more than kMostShards.
std::optional<Shard> parse_shard(std::string_view text);

/// By what the scenarios are divided.
enum class ShardMethod {
  kHash,   ///< of suite and id: where one scenario goes does not depend on the others
  kSlice,  ///< neighbours stay together
  kTime,   ///< as long as each took in an earlier run, so that shards end together
};
inline constexpr std::array kShardMethods{ShardMethod::kHash, ShardMethod::kSlice,
                                          ShardMethod::kTime};

/// "hash", "slice", "time".
std::string_view name_of(ShardMethod method);

/// What part of a whole run a run is; its log has it, so that the logs can be put together again.
struct RunShard {
  Shard shard;
  ShardMethod method = ShardMethod::kHash;
  std::size_t whole = 0;              ///< how many scenarios were planned in all shards together
  std::vector<std::size_t> places{};  ///< in that plan, from 0 and ascending, of those planned here
  std::string suites{};               ///< digest of that plan: what the suites say
  std::string options{};              ///< digest of what the command line says besides
};

/// Of a run that was put together of fewer shards than it has.
struct PartialRun {
  int total = 0;
  std::vector<int> missing;  ///< from 1, ascending
};

/// "2, 5 of 8".
std::string missing_shards(const PartialRun& partial);

/// For people: "shard 2/5 by hash, 7 of 48 scenarios", "shards 2, 5 of 8 are missing", or empty
/// where the run is whole.
std::string shard_note(const RunResult& run);

}  // namespace dialtone
