#include "harness/cli/shard_engine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>

namespace dialtone {
namespace {

constexpr std::string_view kOption = "--shard";
constexpr std::string_view kAuto = "auto";
constexpr int kMostIndex = 1'000'000'000;

// Bazel: "Test encyclopedia", "Test sharding". GoogleTest: "Advanced topics", "Distributing test
// functions to multiple machines". GitLab, CircleCI, Buildkite, Azure Pipelines, AWS Batch ("array
// jobs"): their lists of predefined variables. Kubernetes: "Indexed job for parallel processing
// with static work assignment". Slurm: sbatch(1), "OUTPUT ENVIRONMENT VARIABLES". GNU parallel:
// parallel(1), "ENVIRONMENT VARIABLES".
constexpr std::array kEngines{
    ShardEngine{.name = "Bazel",
                .index = "TEST_SHARD_INDEX",
                .total = "TEST_TOTAL_SHARDS",
                .by_itself = true,
                .status = "TEST_SHARD_STATUS_FILE"},
    ShardEngine{.name = "GoogleTest",
                .index = "GTEST_SHARD_INDEX",
                .total = "GTEST_TOTAL_SHARDS",
                .by_itself = true,
                .status = "GTEST_SHARD_STATUS_FILE"},
    ShardEngine{.name = "GitLab", .index = "CI_NODE_INDEX", .base = 1, .total = "CI_NODE_TOTAL"},
    ShardEngine{.name = "CircleCI", .index = "CIRCLE_NODE_INDEX", .total = "CIRCLE_NODE_TOTAL"},
    ShardEngine{.name = "Buildkite",
                .index = "BUILDKITE_PARALLEL_JOB",
                .total = "BUILDKITE_PARALLEL_JOB_COUNT"},
    ShardEngine{.name = "Azure Pipelines",
                .index = "SYSTEM_JOBPOSITIONINPHASE",
                .base = 1,
                .total = "SYSTEM_TOTALJOBSINPHASE"},
    ShardEngine{
        .name = "Kubernetes", .index = "JOB_COMPLETION_INDEX", .total = "", .may_lack_total = true},
    ShardEngine{.name = "AWS Batch",
                .index = "AWS_BATCH_JOB_ARRAY_INDEX",
                .total = "AWS_BATCH_JOB_ARRAY_SIZE",
                .may_lack_total = true},
    ShardEngine{.name = "Slurm",
                .index = "SLURM_ARRAY_TASK_ID",
                .total = "SLURM_ARRAY_TASK_COUNT",
                .lowest = "SLURM_ARRAY_TASK_MIN",
                .highest = "SLURM_ARRAY_TASK_MAX",
                .step = "SLURM_ARRAY_TASK_STEP"},
    ShardEngine{.name = "GNU parallel",
                .index = "PARALLEL_SEQ",
                .base = 1,
                .total = "",
                .may_lack_total = true}};

/// What one engine says.
struct Said {
  const ShardEngine* engine;
  Shard shard;
};

struct Option {
  bool is_auto = false;
  std::optional<Shard> shard;
  std::optional<int> total;  ///< of auto/N
};

class Chooser {
 public:
  explicit Chooser(const Variable& variable) : variable_(variable) {}

  std::variant<ChosenShard, Diagnostics> choose(std::string_view text) {
    const auto option = read_option(text);
    std::vector<Said> said;
    for (const auto& engine : kEngines) {
      if (!option.is_auto && !engine.by_itself) continue;
      if (const auto shard = read(engine, option.total)) said.push_back({&engine, *shard});
    }
    ChosenShard chosen{option.shard, {}};
    for (const auto& each : said) touch(*each.engine, chosen);
    agree(option, said, chosen);
    if (mistakes_.empty()) return chosen;
    return std::move(mistakes_);
  }

 private:
  void mistake(std::string_view where, std::string message, std::string_view hint = {}) {
    mistakes_.push_back({{std::string(where), 0, 0}, std::move(message), std::string(hint)});
  }

  std::optional<std::string> value(std::string_view name) const {
    if (name.empty()) return std::nullopt;
    auto found = variable_(name);
    return found && !found->empty() ? found : std::nullopt;
  }

  Option read_option(std::string_view text);
  std::optional<Shard> read(const ShardEngine& engine, std::optional<int> given);
  std::optional<Shard> read_numbers(const ShardEngine& engine, std::optional<int> given);
  bool has_total(const ShardEngine& engine, std::optional<int> given);
  std::optional<int> number(std::string_view name, int lowest, int highest);
  std::optional<int> number_or(std::string_view name, int otherwise, int lowest);
  void touch(const ShardEngine& engine, ChosenShard& chosen) const;
  void agree(const Option& option, std::vector<Said> said, ChosenShard& chosen);
  std::string quote(const ShardEngine& engine) const;

  const Variable& variable_;
  Diagnostics mistakes_;
};

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

Option Chooser::read_option(std::string_view text) {
  if (text.empty()) return {};
  if (text == kAuto) return {.is_auto = true, .shard = {}, .total = {}};
  if (text.starts_with("auto/")) {
    const auto last = parse_shard("1" + std::string(text.substr(kAuto.size())));
    if (last) return {.is_auto = true, .shard = {}, .total = last->total};
  } else if (const auto shard = parse_shard(text)) {
    return {.is_auto = false, .shard = shard, .total = {}};
  }
  mistake(kOption, fmt::format("'{}' is no shard", text),
          "2/5 is the second of five; auto takes what the CI system says, auto/5 where it does not "
          "say of how many");
  return {};
}

std::optional<int> Chooser::number(std::string_view name, int lowest, int highest) {
  const auto text = value(name).value_or("");
  const auto parsed = parse_number(text);
  if (parsed && *parsed >= lowest && *parsed <= highest) return parsed;
  mistake(name, parsed ? fmt::format("{} is not in {} to {}", *parsed, lowest, highest)
                       : fmt::format("'{}' is no whole number", text));
  return std::nullopt;
}

std::optional<int> Chooser::number_or(std::string_view name, int otherwise, int lowest) {
  return value(name) ? number(name, lowest, kMostIndex) : otherwise;
}

/// Whether it is said, somewhere, of how many shards; a mistake where it is not.
bool Chooser::has_total(const ShardEngine& engine, std::optional<int> given) {
  if (value(engine.total)) return true;
  if (engine.may_lack_total) {
    if (given) return true;
    mistake(engine.index,
            fmt::format("{} says which shard this is, but not of how many", engine.name),
            "say it: --shard auto/N");
    return false;
  }
  mistake(engine.index, fmt::format("is set, but {} is not", engine.total));
  return false;
}

/// nullopt where the engine says nothing, or nothing that can be understood.
std::optional<Shard> Chooser::read(const ShardEngine& engine, std::optional<int> given) {
  const auto total = value(engine.total);
  if (value(engine.index))
    return has_total(engine, given) ? read_numbers(engine, given) : std::nullopt;
  // GitLab gives every job a total of 1, and an index only to those of several.
  if (total && *total != "1")
    mistake(engine.total, fmt::format("is set, but {} is not", engine.index));
  return std::nullopt;
}

std::optional<Shard> Chooser::read_numbers(const ShardEngine& engine, std::optional<int> given) {
  const auto total = value(engine.total) ? number(engine.total, 1, kMostShards) : given;
  const auto lowest = number_or(engine.lowest, engine.base, 0);
  const auto step = number_or(engine.step, 1, 1);
  if (!total || !lowest || !step) {
    number(engine.index, 0, kMostIndex);  // for its mistakes
    return std::nullopt;
  }
  const auto last = std::int64_t{*total - 1} * *step + *lowest;
  const auto highest =
      number_or(engine.highest, static_cast<int>(std::min<std::int64_t>(last, kMostIndex)), 0);
  const auto index = number(engine.index, *lowest, highest.value_or(kMostIndex));
  if (!index || !highest) return std::nullopt;
  if (*highest != last || (*index - *lowest) % *step != 0) {
    mistake(engine.index, fmt::format("{}: these are not evenly spaced", quote(engine)),
            "use an array such as 1-5 or 0-8:2");
    return std::nullopt;
  }
  return Shard{(*index - *lowest) / *step + 1, *total};
}

/// "TEST_SHARD_INDEX=0, TEST_TOTAL_SHARDS=3".
std::string Chooser::quote(const ShardEngine& engine) const {
  std::vector<std::string> set;
  for (const auto name : {engine.index, engine.total, engine.lowest, engine.highest, engine.step}) {
    if (const auto text = value(name)) set.push_back(fmt::format("{}={}", name, *text));
  }
  return fmt::format("{}", fmt::join(set, ", "));
}

void Chooser::touch(const ShardEngine& engine, ChosenShard& chosen) const {
  if (!engine.by_itself) return;
  if (const auto file = value(engine.status)) chosen.touched.push_back(*file);
}

/// Takes the one shard that all agree on.
void Chooser::agree(const Option& option, std::vector<Said> said, ChosenShard& chosen) {
  const bool any = !said.empty();
  const auto divides = [](const Said& each) { return each.shard.total > 1; };
  if (option.shard || std::ranges::any_of(said, divides)) std::erase_if(said, std::not_fn(divides));
  for (const auto& each : said) {
    if (option.total && each.shard.total != *option.total)
      mistake(kOption, fmt::format("auto/{}, but {} says {} ({})", *option.total, each.engine->name,
                                   to_string(each.shard), quote(*each.engine)));
    if (!chosen.shard) chosen.shard = each.shard;
    if (each.shard == *chosen.shard) continue;
    const auto other =
        option.shard ? fmt::format("{} says {}", kOption, to_string(*option.shard))
                     : fmt::format("{} says {} ({})", said.front().engine->name,
                                   to_string(said.front().shard), quote(*said.front().engine));
    mistake(each.engine->index,
            fmt::format("{} says {} ({}), but {}", each.engine->name, to_string(each.shard),
                        quote(*each.engine), other),
            "unset the variables that are not meant");
  }
  if (!option.is_auto || any || !mistakes_.empty()) return;
  std::vector<std::string_view> names;
  names.reserve(kEngines.size());
  for (const auto& engine : kEngines) names.push_back(engine.index);
  mistake(kOption, "auto, but nothing says which shard this is",
          fmt::format("none of these is set: {}", fmt::join(names, ", ")));
}

}  // namespace

std::span<const ShardEngine> shard_engines() { return kEngines; }

std::variant<ChosenShard, Diagnostics> choose_shard(std::string_view option,
                                                    const Variable& variable) {
  return Chooser(variable).choose(option);
}

}  // namespace dialtone
