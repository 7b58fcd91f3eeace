#include "harness/cli/shard_options.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/cli/diagnose.hpp"
#include "harness/cli/shard_engine.hpp"
#include "harness/cli/validators.hpp"
#include "harness/net/unique_fd.hpp"
#include "reports/recorded_times.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kTimeFrom = "time=";

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string reason() { return std::generic_category().message(errno); }

void append(Diagnostics& to, Diagnostics more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Whose mistakes are returned.
Diagnostics read_recorded(const std::string& log, ScenarioTimes& times) {
  errno = 0;
  std::ifstream file(log, std::ios::binary);
  if (!file) return {{{log, 0, 0}, "cannot read the file: " + reason(), {}}};
  auto read = read_times(log, file);
  if (auto* mistake = std::get_if<Diagnostic>(&read)) return {std::move(*mistake)};
  times = std::get<ScenarioTimes>(std::move(read));
  return {};
}

Diagnostics choose_method(const std::string& by, ShardRequest& request) {
  if (by.starts_with(kTimeFrom) && by.size() > kTimeFrom.size()) {
    request.method = ShardMethod::kTime;
    return read_recorded(by.substr(kTimeFrom.size()), request.times);
  }
  if (by == name_of(ShardMethod::kHash)) return {};
  if (by == name_of(ShardMethod::kSlice)) {
    request.method = ShardMethod::kSlice;
    return {};
  }
  return {{{"--shard-by", 0, 0},
           fmt::format("'{}' divides nothing", by),
           "hash, slice, or time=LOG with the event log or the report json of an earlier run"}};
}

}  // namespace

void add_shard_options(CLI::App& command, ShardOptions& options) {
  command
      .add_option("--shard", options.shard,
                  "Only this part: 2/5 is the second of five; auto: which it is says the CI "
                  "system (GitLab, CircleCI, Buildkite, Azure, Slurm, ...); auto/5 where it "
                  "does not say of how many. The variables of Bazel and GoogleTest need no "
                  "option")
      ->check(not_empty());
  command.add_option("--shard-by", options.by,
                     "What divides: hash, slice, or time=LOG, the event log or the report json of "
                     "an earlier run; hash");
}

std::variant<ShardRequest, Diagnostics> choose_shard(const ShardOptions& options) {
  ShardRequest request;
  auto chosen = choose_shard(options.shard, variable);
  Diagnostics mistakes;
  if (auto* found = std::get_if<Diagnostics>(&chosen)) mistakes = std::move(*found);
  append(mistakes, choose_method(options.by, request));
  if (!mistakes.empty()) return mistakes;
  auto& good = std::get<ChosenShard>(chosen);
  request.shard = good.shard;
  request.touched = std::move(good.touched);
  return request;
}

bool touch_files(const std::vector<std::string>& files) {
  bool good = true;
  for (const auto& file : files) {
    const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    if (fd.get() >= 0 && ::futimens(fd.get(), nullptr) == 0) continue;
    print_error(fmt::format("cannot write {}: {}", file, reason()),
                "an engine told to touch it, as a sign that shards are understood");
    good = false;
  }
  return good;
}

std::optional<RunShard> take_shard(std::vector<PlannedScenario>& plan, const ShardRequest& request,
                                   const std::string& options) {
  if (!request.shard) return std::nullopt;
  RunShard run{.shard = *request.shard, .method = request.method, .whole = plan.size()};
  run.places = places_of(plan, *request.shard, request.method, request.times);
  run.suites = digest_of(plan);
  run.options = digest_of(std::vector<std::string>{options});
  std::vector<PlannedScenario> part;
  for (const auto place : run.places) part.push_back(std::move(plan[place]));
  plan = std::move(part);
  return run;
}

}  // namespace dialtone
