#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/shard.hpp"

/// The programs that divide tests among machines, and how each tells a test which shard it is.
namespace dialtone {

/// An engine as data: variables of the environment, "" where it has none.
struct ShardEngine {
  std::string_view name;
  std::string_view index;         ///< which shard this is
  int base = 0;                   ///< what the first shard's index is
  std::string_view total;         ///< of how many
  bool may_lack_total = false;    ///< `auto/N` gives it then
  std::string_view lowest = "";   ///< the first shard's index, in place of `base`
  std::string_view highest = "";  ///< the last one's
  std::string_view step = "";     ///< from one shard's index to the next one's; 1 where unset
  bool by_itself = false;         ///< honoured without being asked
  std::string_view status = "";   ///< names a file; touching it says that shards are understood
};

std::span<const ShardEngine> shard_engines();

/// A variable's value; nullopt where it is unset.
using Variable = std::function<std::optional<std::string>(std::string_view name)>;

struct ChosenShard {
  std::optional<Shard> shard;        ///< nullopt: the whole
  std::vector<std::string> touched;  ///< files that tell engines that their shards are understood
};

/// What `option` ("", "2/5", "auto", "auto/5") and the variables say; every mistake of both, with
/// the variable or option as its place. An empty variable counts as unset. An engine of one shard
/// divides nothing, so it contradicts nobody.
std::variant<ChosenShard, Diagnostics> choose_shard(std::string_view option,
                                                    const Variable& variable);

}  // namespace dialtone
