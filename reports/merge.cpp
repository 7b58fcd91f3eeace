#include "reports/merge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "harness/model/plural.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/shard.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kMostHosts = 4;

const RunShard& part_of(const ShardLog& log) { return *log.log.run.shard; }
std::string name_of(const ShardLog& log) { return "shard " + to_string(part_of(log).shard); }
/// Interrupted, or ended early as by --fail-fast.
bool is_unfinished(const ShardLog& log) {
  return log.log.run.interrupted || log.log.finished() < log.log.planned;
}

class Merger {
 public:
  Merger(std::vector<ShardLog> logs, bool may_be_partial)
      : logs_(std::move(logs)), may_be_partial_(may_be_partial) {}

  std::variant<MergedRun, Diagnostics> merge();

 private:
  void mistake(const ShardLog& log, std::string message, std::string hint = {}) {
    mistakes_.push_back({{log.file, 1, 1}, std::move(message), std::move(hint)});
  }
  /// A mistake, or a note where the user wants what there is.
  void missing(const ShardLog& log, const std::string& message);

  void need_shards();
  void compare(const ShardLog& log);
  void drop_repeated();
  void need_disjoint();
  void need_all();
  void fill_head();
  void fill_results();

  std::vector<ShardLog> logs_;
  const bool may_be_partial_;
  Diagnostics mistakes_;
  MergedRun merged_;
};

void Merger::missing(const ShardLog& log, const std::string& message) {
  if (may_be_partial_) {
    merged_.notes.push_back(message);
  } else {
    mistake(log, message,
            "give the logs of all; --partial takes what there is, and the reports say so");
  }
}

void Merger::need_shards() {
  for (const auto& log : logs_) {
    if (!log.log.run.shard)
      mistake(log, "this run is no shard of another", "'dialtone run --shard 2/5' makes shards");
  }
}

/// With the first log: all shards say the same of the whole.
void Merger::compare(const ShardLog& log) {
  const auto& first = logs_.front();
  const auto& one = part_of(log);
  const auto& other = part_of(first);
  const auto differs = [&](const std::string& what, const auto& here, const auto& there,
                           std::string hint = {}) {
    if (here == there) return;
    mistake(log, fmt::format("{} is {} here, and {} in {}", what, here, there, first.file),
            std::move(hint));
  };
  differs("the number of shards", one.shard.total, other.shard.total);
  differs("what divides them", dialtone::name_of(one.method), dialtone::name_of(other.method));
  differs("the target", "'" + log.log.run.target + "'", "'" + first.log.run.target + "'");
  differs("dialtone's version", "'" + log.log.version + "'", "'" + first.log.version + "'");
  differs("the number of scenarios in all", one.whole, other.whole);
  if (one.whole == other.whole)
    differs("the digest of what the suites say", "'" + one.suites + "'", "'" + other.suites + "'",
            "these shards did not run the same suites, or not the same selection of them");
  differs("the digest of the options", "'" + one.options + "'", "'" + other.options + "'",
          fmt::format("here it was: {}; there: {}", log.log.run.rerun, first.log.run.rerun));
}

/// Of a shard that was run again, only the last run stays.
void Merger::drop_repeated() {
  const auto order = [](const ShardLog& log) {
    return std::pair(part_of(log).shard.index, log.log.run.started);
  };
  std::ranges::stable_sort(logs_, {}, order);
  std::vector<ShardLog> last;
  for (auto& log : logs_) {
    if (!last.empty() && part_of(last.back()).shard == part_of(log).shard) {
      const auto& earlier = last.back();
      if (earlier.log.run.started == log.log.run.started) {
        mistake(log,
                fmt::format("{} began at the same moment in {}: which one counts?", name_of(log),
                            earlier.file),
                "give each log once");
      } else {
        merged_.notes.push_back(fmt::format("{} was run again: {} counts, and {} is passed over",
                                            name_of(log), log.file, earlier.file));
      }
      last.pop_back();
    }
    last.push_back(std::move(log));
  }
  logs_ = std::move(last);
}

void Merger::need_disjoint() {
  std::map<std::size_t, const ShardLog*> owner;
  for (const auto& log : logs_) {
    std::size_t common = 0;
    const ShardLog* other = nullptr;
    for (const auto place : part_of(log).places) {
      const auto [found, is_new] = owner.emplace(place, &log);
      if (is_new) continue;
      ++common;
      other = found->second;
    }
    if (common > 0)
      mistake(log,
              fmt::format("{} overlaps with {} of {}: {} in both", name_of(log), name_of(*other),
                          other->file, plural(common, "scenario")),
              "were they divided by the same earlier log?");
  }
}

void Merger::need_all() {
  const auto& first = logs_.front();
  PartialRun partial{.total = part_of(first).shard.total, .missing = {}};
  std::set<int> there;
  std::size_t places = 0;
  for (const auto& log : logs_) {
    there.insert(part_of(log).shard.index);
    places += part_of(log).places.size();
    if (is_unfinished(log))
      missing(log, fmt::format("{} ended early: {} of {} finished", name_of(log),
                               log.log.finished(), plural(log.log.planned, "scenario")));
  }
  for (int index = 1; index <= partial.total; ++index) {
    if (!there.contains(index)) partial.missing.push_back(index);
  }
  if (partial.missing.empty()) {
    // What an interrupted shard did not come to may be gone from its log, where that was made anew.
    const bool may_lack = may_be_partial_ && std::ranges::any_of(logs_, is_unfinished);
    if (places < part_of(first).whole && mistakes_.empty() && !may_lack)
      mistake(first,
              fmt::format("no shard has {} of the {}", part_of(first).whole - places,
                          plural(part_of(first).whole, "scenario")),
              "were they divided by the same earlier log?");
    return;
  }
  merged_.run.partial = partial;
  missing(first, shard_note(merged_.run));
}

/// From the first's begin to the last's end.
void Merger::fill_head() {
  auto& run = merged_.run;
  const auto& first = logs_.front().log.run;
  run.target = first.target;
  run.rerun = first.rerun;
  run.strict = first.strict;
  run.started = first.started;
  auto ended = first.started;
  std::vector<std::string> hosts;
  for (const auto& log : logs_) {
    const auto& part = log.log.run;
    run.started = std::min(run.started, part.started);
    ended =
        std::max(ended, std::chrono::time_point_cast<WallTime::duration>(part.started + part.took));
    run.interrupted = run.interrupted || is_unfinished(log);
    if (std::ranges::find(hosts, part.host) == hosts.end()) hosts.push_back(part.host);
    if (part.target_problem.empty()) continue;
    if (!run.target_problem.empty()) run.target_problem += "; ";
    run.target_problem += fmt::format("{}: {}", name_of(log), part.target_problem);
  }
  run.took = ended - run.started;
  const auto shown = std::min(hosts.size(), kMostHosts);
  run.host = fmt::format(
      "{}", fmt::join(hosts.begin(), hosts.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < hosts.size()) run.host += fmt::format(" and {} more", hosts.size() - shown);
}

/// In the plan's order, in suites that are one again.
void Merger::fill_results() {
  auto& results = merged_.run.results;
  for (auto& log : logs_) {
    for (auto& result : log.log.run.results) {
      result.place = part_of(log).places.at(result.place);
      results.push_back(std::move(result));
    }
  }
  std::ranges::sort(results, {}, &ScenarioResult::place);
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, std::shared_ptr<Suite>> suites;
  std::map<const Scenario*, std::pair<std::shared_ptr<Suite>, std::size_t>> homes;
  for (const auto& result : results) {
    const auto& old = *result.suite;
    auto& suite = suites[{old.name, old.title, old.file}];
    if (!suite) suite = std::make_shared<Suite>(Suite{old.name, old.title, old.file, {}});
    const auto [home, is_new] =
        homes.emplace(result.scenario, std::pair(suite, suite->scenarios.size()));
    if (is_new) suite->scenarios.push_back(*result.scenario);
  }
  for (auto& result : results) {  // only now do the scenarios stay where they are
    const auto& [suite, index] = homes.at(result.scenario);
    result.suite = suite;
    result.scenario = &suite->scenarios[index];
    for (auto& attempt : result.attempts) {
      attempt.suite = result.suite;
      attempt.scenario = result.scenario;
    }
  }
}

std::variant<MergedRun, Diagnostics> Merger::merge() {
  need_shards();
  if (!mistakes_.empty()) return std::move(mistakes_);
  for (const auto& log : logs_) compare(log);
  if (!mistakes_.empty()) return std::move(mistakes_);
  drop_repeated();
  need_disjoint();
  need_all();
  if (!mistakes_.empty()) return std::move(mistakes_);
  fill_head();
  fill_results();
  return std::move(merged_);
}

}  // namespace

std::variant<MergedRun, Diagnostics> merge_shards(std::vector<ShardLog> logs, bool may_be_partial) {
  return Merger(std::move(logs), may_be_partial).merge();
}

}  // namespace dialtone
