#pragma once

#include <string>
#include <variant>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/result.hpp"
#include "reports/log_reader.hpp"

namespace dialtone {

/// The log of one shard of a run.
struct ShardLog {
  std::string file;  ///< as the user named it
  ReadLog log;
};

/// The run that the shards are parts of, as if it had not been divided: but for times, and for a
/// host that is all of theirs.
struct MergedRun {
  RunResult run;
  std::vector<std::string> notes;  ///< for people: what was passed over, what is missing
};

/// Puts a run's shards together again. A shard that was run again counts as it was run last.
/// Logs that are no shards of one and the same run give all their mistakes, each with its log as
/// the place. So does what is missing: a shard, or the rest of one that was interrupted; unless it
/// `may_be_partial`.
std::variant<MergedRun, Diagnostics> merge_shards(std::vector<ShardLog> logs, bool may_be_partial);

}  // namespace dialtone
