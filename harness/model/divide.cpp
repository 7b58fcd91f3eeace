#include "harness/model/divide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <numeric>
#include <queue>
#include <string_view>
#include <utility>

namespace dialtone {
namespace {

/// Fowler, Noll and Vo, "FNV Hash" (draft-eastlake-fnv), 1a with 64 bits.
class Fnv1a {
 public:
  /// With its length, so that ("a", "bc") is not ("ab", "c").
  void add(std::string_view text) {
    add_number(text.size());
    for (const char c : text) add_octet(static_cast<unsigned char>(c));
  }
  void add_number(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) add_octet((number >> shift) & 0xffU);
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_octet(std::uint64_t octet) { value_ = (value_ ^ octet) * 0x100000001b3U; }

  std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// Spreads differences over all bits (the finalizer of MurmurHash3): the low ones of FNV-1a are
/// poor, and a remainder looks at little else.
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 33U)) * 0xff51afd7ed558ccdU;
  value = (value ^ (value >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return value ^ (value >> 33U);
}

/// The scenarios of a plan, without repetitions, in its order.
struct Distinct {
  std::vector<std::string> names;
  std::vector<std::size_t> of_place;  ///< for each place of the plan: which of the names
};

Distinct distinct(const std::vector<PlannedScenario>& plan) {
  Distinct all;
  std::map<std::string, std::size_t> numbers;
  for (const auto& planned : plan) {
    auto name = scenario_name(*planned.suite, *planned.scenario);
    const auto [found, is_new] = numbers.emplace(name, all.names.size());
    if (is_new) all.names.push_back(std::move(name));
    all.of_place.push_back(found->second);
  }
  return all;
}

// Each gives the shard, from 0, of each name.

std::vector<std::size_t> by_hash(const std::vector<std::string>& names, std::size_t total) {
  std::vector<std::size_t> shards;
  for (const auto& name : names) {
    Fnv1a hash;
    hash.add(name);
    shards.push_back(mix(hash.value()) % total);
  }
  return shards;
}

std::vector<std::size_t> by_slice(const std::vector<std::string>& names, std::size_t total) {
  std::vector<std::size_t> shards;
  for (std::size_t i = 0; i < names.size(); ++i) shards.push_back(i * total / names.size());
  return shards;
}

/// Of the recorded ones among the names; of an even number, the lower one in the middle.
Duration median(const std::vector<std::string>& names, const ScenarioTimes& times) {
  std::vector<Duration> recorded;
  for (const auto& name : names) {
    if (const auto found = times.find(name); found != times.end())
      recorded.push_back(found->second);
  }
  if (recorded.empty()) return std::chrono::milliseconds(1);  // all alike
  const auto middle = recorded.begin() + static_cast<std::ptrdiff_t>((recorded.size() - 1) / 2);
  std::ranges::nth_element(recorded, middle);
  return *middle;
}

std::vector<Duration> weights(const std::vector<std::string>& names, const ScenarioTimes& times) {
  const auto otherwise = median(names, times);
  std::vector<Duration> weights;
  for (const auto& name : names) {
    const auto found = times.find(name);
    const auto took = found == times.end() ? otherwise : found->second;
    // What took no time at all, such as skipped ones, is spread like the rest.
    weights.push_back(std::max<Duration>(took, std::chrono::microseconds(1)));
  }
  return weights;
}

/// Longest processing time first (R. L. Graham, "Bounds on multiprocessing timing anomalies",
/// 1969).
std::vector<std::size_t> by_time(const std::vector<std::string>& names, std::size_t total,
                                 const ScenarioTimes& times) {
  const auto weight = weights(names, times);
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](auto a, auto b) { return weight[a] > weight[b]; });
  using Load = std::pair<Duration, std::size_t>;  // so far, of which shard
  std::priority_queue<Load, std::vector<Load>, std::greater<>> least;
  for (std::size_t shard = 0; shard < total; ++shard) least.emplace(Duration{}, shard);
  std::vector<std::size_t> shards(names.size());
  for (const auto name : order) {
    const auto [load, shard] = least.top();
    least.pop();
    least.emplace(load + weight[name], shard);
    shards[name] = shard;
  }
  return shards;
}

std::vector<std::size_t> divide(const std::vector<std::string>& names, std::size_t total,
                                ShardMethod method, const ScenarioTimes& times) {
  switch (method) {
    case ShardMethod::kHash: return by_hash(names, total);
    case ShardMethod::kSlice: return by_slice(names, total);
    case ShardMethod::kTime: return by_time(names, total, times);
  }
  return by_hash(names, total);
}

std::string hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace

std::string scenario_name(const Suite& suite, const Scenario& scenario) {
  return suite.name + "/" + scenario.id;
}

std::vector<std::size_t> places_of(const std::vector<PlannedScenario>& plan, const Shard& shard,
                                   ShardMethod method, const ScenarioTimes& times) {
  const auto all = distinct(plan);
  const auto shards = divide(all.names, static_cast<std::size_t>(shard.total), method, times);
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < plan.size(); ++place) {
    if (shards[all.of_place[place]] == static_cast<std::size_t>(shard.index - 1))
      places.push_back(place);
  }
  return places;
}

std::string digest_of(const std::vector<std::string>& texts) {
  Fnv1a hash;
  for (const auto& text : texts) hash.add(text);
  return hex(hash.value());
}

std::string digest_of(const std::vector<PlannedScenario>& plan) {
  Fnv1a hash;
  for (const auto& [suite, scenario, repetition, skip_reason] : plan) {
    hash.add(scenario_name(*suite, *scenario));
    hash.add(suite->title);
    hash.add_number(static_cast<std::uint64_t>(repetition));
    hash.add(scenario->title);
    hash.add(name_of(scenario->level));
    hash.add(scenario->source);
    hash.add_number(scenario->steps.size());
    for (const auto& step : scenario->steps) hash.add(step.text);
  }
  return hex(hash.value());
}

}  // namespace dialtone
