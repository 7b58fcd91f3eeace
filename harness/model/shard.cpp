#include "harness/model/shard.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "harness/model/plural.hpp"
#include "harness/model/result.hpp"

namespace dialtone {
namespace {

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::string to_string(const Shard& shard) { return fmt::format("{}/{}", shard.index, shard.total); }

std::optional<Shard> parse_shard(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = whole_number(text.substr(0, slash));
  const auto total = whole_number(text.substr(slash + 1));
  if (!index || !total || *index < 1 || *index > *total || *total > kMostShards)
    return std::nullopt;
  return Shard{*index, *total};
}

std::string_view name_of(ShardMethod method) {
  switch (method) {
    case ShardMethod::kHash: return "hash";
    case ShardMethod::kSlice: return "slice";
    case ShardMethod::kTime: return "time";
  }
  return "unknown";
}

std::string missing_shards(const PartialRun& partial) {
  return fmt::format("{} of {}", fmt::join(partial.missing, ", "), partial.total);
}

std::string shard_note(const RunResult& run) {
  if (run.partial) {
    const bool is_one = run.partial->missing.size() == 1;
    return fmt::format("shard{} {} {} missing", is_one ? "" : "s", missing_shards(*run.partial),
                       is_one ? "is" : "are");
  }
  if (!run.shard) return {};
  return fmt::format("shard {} by {}, {} of {}", to_string(run.shard->shard),
                     name_of(run.shard->method), run.shard->places.size(),
                     plural(run.shard->whole, "scenario"));
}

}  // namespace dialtone
