#include "harness/runner/run_all.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <csignal>
#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "harness/model/known_failures.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/variant_fold.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/socket_table.hpp"
#include "harness/runner/descriptor_budget.hpp"
#include "harness/runner/loopback_addresses.hpp"
#include "harness/runner/run_scenario.hpp"

namespace dialtone {
namespace {

/// Whether it launches programs. A launch blocks the loop for a moment and then competes for the
/// processors: many at once would stall the waits of all others.
bool launches(const Scenario& scenario) {
  constexpr std::array launched{"process", "process_observation", "client", "tls_client"};
  return std::ranges::any_of(launched,
                             [&](const auto* need) { return scenario.needs.contains(need); });
}

// Each looks at the kernel's table again and again while it waits for its pieces to be read: more
// of them at once would only make each other late.
constexpr int kVariantsAtOnce = 32;
constexpr int kMostStalls = 3;
constexpr auto kTick = std::chrono::milliseconds(250);

int most_launches() {
  return 2 * std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

class Runner {
 public:
  Runner(const std::vector<PlannedScenario>& plan, Target& target, const RunOptions& options,
         const OnResult& on_result)
      : plan_(plan),
        target_(target),
        options_(options),
        on_result_(on_result),
        results_(plan.size()),
        whole_left_(plan.size()),
        descriptors_left_(descriptor_budget()),
        plain_{{}, 0, workers()},
        launching_{{}, 0, std::min(workers(), most_launches())} {
    for (std::size_t i = 0; i < plan.size(); ++i) queue_of(i).waiting.push_back({i, std::nullopt});
  }

  Finished run();

 private:
  /// One run of a planned scenario.
  struct Job {
    std::size_t mine;                    ///< in the plan
    std::optional<std::size_t> variant;  ///< of its fold; nullopt: the whole one
    int stalls = 0;                      ///< so often it got no verdict, for the harness was late
  };
  /// Runs of one kind that were not started yet, in the plan's order.
  struct Queue {
    std::deque<Job> waiting;
    int running = 0;
    int most;
  };

  int workers() const;
  Queue& queue_of(std::size_t index) {
    return launches(*plan_[index].scenario) ? launching_ : plain_;
  }
  void fill();
  void start_from(Queue& queue);
  bool may_start(const Queue& queue) const;
  Task<> one(Job job);
  void rerun(const Job& job);
  LoggedRun log_of(const Job& job, const Variant& variant) const;
  void free(std::size_t mine);
  void skip_unwanted(Queue& queue);
  bool may_vary(const ScenarioResult& whole) const;
  void begin_variants(std::size_t mine, ScenarioResult whole, const std::vector<SeenSend>& sends);
  void end_variant(std::size_t mine);
  void finish(std::size_t mine, ScenarioResult result);
  bool may_retry(std::size_t mine, const ScenarioResult& result) const;
  void retry(std::size_t mine, ScenarioResult failed);
  void conclude(std::size_t mine, ScenarioResult result);
  void conclude_varied();
  void conclude_retried();
  Task<> end();
  void watch_signals(asio::signal_set& signals);
  void watch_clock(asio::steady_timer& timer);
  void watch_ticks(asio::steady_timer& timer);

  const std::vector<PlannedScenario>& plan_;
  Target& target_;
  const RunOptions& options_;
  const OnResult& on_result_;
  std::vector<std::optional<ScenarioResult>> results_;
  std::size_t whole_left_;  ///< runs without a variant that did not end yet
  /// A scenario whose variants run or wait.
  struct Varied {
    VariantFold fold;
    std::size_t left;
  };
  std::map<std::size_t, Varied> varied_;                         // by the place in the plan
  std::map<std::size_t, std::vector<ScenarioResult>> attempts_;  // of those that are run again
  int descriptors_left_;
  Queue plain_;
  Queue launching_;
  int running_ = 0;
  bool stopping_ = false;
  bool ending_ = false;  ///< all has run, and the target is told so
  Finished finished_;
  std::exception_ptr trouble_;
  LoopbackAddresses addresses_;

  // The context goes first when this goes: what its coroutines hold still needs the rest.
  std::optional<SocketTable> socket_table_;
  std::optional<Loop> loop_;
  Surroundings surroundings_{};
  asio::io_context* context_ = nullptr;
};

int Runner::workers() const {
  const auto at_most = [](int count, int limit) {
    return limit > 0 ? std::min(count, limit) : count;
  };
  const int wanted =
      options_.jobs > 0 ? options_.jobs : at_most(kDefaultJobs, target_.concurrency());
  return at_most(wanted, target_.most_at_once());
}

bool Runner::may_start(const Queue& queue) const {
  const bool varies = !queue.waiting.empty() && queue.waiting.front().variant.has_value();
  if (varies && (whole_left_ > 0 || (options_.jobs == 0 && running_ >= kVariantsAtOnce)))
    return false;
  if (stopping_ || queue.waiting.empty() || running_ >= workers() || queue.running >= queue.most)
    return false;
  return running_ == 0 ||
         descriptors_of(*plan_[queue.waiting.front().mine].scenario) <= descriptors_left_;
}

void Runner::start_from(Queue& queue) {
  const auto job = queue.waiting.front();
  queue.waiting.pop_front();
  ++queue.running;
  ++running_;
  descriptors_left_ -= descriptors_of(*plan_[job.mine].scenario);
  asio::co_spawn(loop_->executor(), one(job), [this](const std::exception_ptr& error) {
    if (error && !trouble_) trouble_ = error;
    if (error) context_->stop();
  });
}

void Runner::fill() {
  for (auto* queue : {&launching_, &plain_}) {
    skip_unwanted(*queue);
    for (; may_start(*queue); skip_unwanted(*queue)) start_from(*queue);
  }
  if (running_ > 0) return;
  if (!stopping_ && !(launching_.waiting.empty() && plain_.waiting.empty()))
    throw std::logic_error("runs wait, none is under way, and none may start");
  // What is skipped ends within start_from(), and has come here before.
  if (std::exchange(ending_, true)) return;
  asio::co_spawn(loop_->executor(), end(), [this](const std::exception_ptr&) { context_->stop(); });
}

LoggedRun Runner::log_of(const Job& job, const Variant& variant) const {
  if (options_.log == nullptr) return {};
  const auto name = job.variant ? describe(variant) : std::string();
  return {options_.log, options_.log->begin(job.mine, name)};
}

Task<> Runner::one(Job job) {
  VariedRun varied;
  if (job.variant) varied.variant = varied_.at(job.mine).fold.variants()[*job.variant];
  auto* const noted = options_.vary.any() ? &varied : nullptr;
  const auto log = log_of(job, varied.variant);
  auto result = co_await run_scenario(surroundings_, plan_[job.mine], addresses_.take(), noted, log,
                                      options_.secrets.get());
  if (log.sink != nullptr) log.sink->end(log.number);
  free(job.mine);
  const bool stalled = result.verdict == Verdict::kError && result.problem.type == kHarnessStalled;
  const bool again = stalled && ++job.stalls < kMostStalls && !stopping_;
  if (again) {
    rerun(job);
    co_return fill();
  }
  result.stalled_runs = stalled ? job.stalls - 1 : job.stalls;
  if (!job.variant) --whole_left_;
  if (job.variant) {
    varied_.at(job.mine).fold.add(*job.variant, std::move(result), varied.unshown);
    end_variant(job.mine);
  } else if (may_vary(result)) {
    begin_variants(job.mine, std::move(result), varied.sends);
  } else {
    finish(job.mine, std::move(result));
  }
  fill();
}

/// A whole run goes before variants, as all of them do: those wait for it.
void Runner::rerun(const Job& job) {
  auto& waiting = queue_of(job.mine).waiting;
  waiting.insert(job.variant ? waiting.end() : waiting.begin(), job);
}

void Runner::free(std::size_t mine) {
  --running_;
  --queue_of(mine).running;
  descriptors_left_ += descriptors_of(*plan_[mine].scenario);
}

bool Runner::may_vary(const ScenarioResult& whole) const {
  return options_.vary.any() && whole.verdict != Verdict::kSkip && whole.verdict != Verdict::kError;
}

/// Its variants wait until all whole runs have ended: they look at the kernel's table again and
/// again, and would make those late.
void Runner::begin_variants(std::size_t mine, ScenarioResult whole,
                            const std::vector<SeenSend>& sends) {
  auto list = variants_of(*whole.scenario, sends, options_.vary);
  const auto count = list.variants.size();
  VariantFold fold(std::move(whole), std::move(list), options_.vary);
  if (count == 0) return finish(mine, fold.result());
  varied_.emplace(mine, Varied{std::move(fold), count});
  auto& waiting = queue_of(mine).waiting;
  for (std::size_t variant = 0; variant < count; ++variant) waiting.push_back({mine, variant});
}

void Runner::end_variant(std::size_t mine) {
  const auto found = varied_.find(mine);
  if (--found->second.left > 0) return;
  auto result = found->second.fold.result();
  varied_.erase(found);
  finish(mine, std::move(result));
}

/// A larger variant than one that differs says nothing more.
void Runner::skip_unwanted(Queue& queue) {
  while (!queue.waiting.empty() && queue.waiting.front().variant) {
    const auto job = queue.waiting.front();
    if (varied_.at(job.mine).fold.is_wanted(*job.variant)) return;
    queue.waiting.pop_front();
    end_variant(job.mine);
  }
}

void Runner::finish(std::size_t mine, ScenarioResult result) {
  apply_known_failures(result, options_.known_failures, options_.today);
  result.repetitions = plan_.back().repetition;
  if (may_retry(mine, result)) return retry(mine, std::move(result));
  conclude(mine, std::move(result));
}

bool Runner::may_retry(std::size_t mine, const ScenarioResult& result) const {
  const auto tried = attempts_.find(mine);
  const auto retries = tried == attempts_.end() ? 0 : tried->second.size();
  return !stopping_ && retries < static_cast<std::size_t>(options_.retry.retries) &&
         may_turn(result, options_.retry);
}

/// Next of all, so that the console need not hold back for long what comes after it.
void Runner::retry(std::size_t mine, ScenarioResult failed) {
  if (options_.log != nullptr) options_.log->failed(mine, failed);
  attempts_[mine].push_back(std::move(failed));
  ++whole_left_;
  queue_of(mine).waiting.push_front({mine, std::nullopt});
}

void Runner::conclude(std::size_t mine, ScenarioResult result) {
  if (auto tried = attempts_.extract(mine))
    join_attempts(result, std::move(tried.mapped()), options_.retry);
  const bool bad = result.verdict == Verdict::kFail || result.verdict == Verdict::kError;
  if (bad && options_.fail_fast) stopping_ = true;
  result.place = mine;
  on_result_(mine, result);
  if (result.verdict == Verdict::kPass && !options_.keep_transcripts) {
    result.transcript = {};
    result.outputs = {};
  }
  results_[mine] = std::move(result);
}

/// Those whose variants did not all come to their end: what came of those that did. A pass so far
/// does not say that a known failure is gone, nor that what failed before now passes.
void Runner::conclude_varied() {
  stopping_ = true;
  for (auto& [mine, varied] : varied_) {
    if (attempts_.contains(mine)) continue;
    auto result = varied.fold.result();
    result.variants->none.push_back(
        fmt::format("{} not run: the run was stopped", plural(varied.left, "variant")));
    if (result.verdict != Verdict::kPass)
      apply_known_failures(result, options_.known_failures, options_.today);
    result.repetitions = plan_.back().repetition;
    conclude(mine, std::move(result));
  }
}

/// Those whose next run did not come to its end: the last that did is their result.
void Runner::conclude_retried() {
  while (!attempts_.empty()) {
    const auto first = attempts_.begin();
    auto last = std::move(first->second.back());
    first->second.pop_back();
    conclude(first->first, std::move(last));
  }
}

Task<> Runner::end() { finished_.target_problem = co_await target_.finish(*loop_); }

void Runner::watch_signals(asio::signal_set& signals) {
  signals.async_wait([this](const asio::error_code& error, int signal) {
    if (error) return;
    finished_.signal = signal;
    context_->stop();
  });
}

void Runner::watch_clock(asio::steady_timer& timer) {
  if (options_.global_timeout <= Duration::zero()) return;
  timer.expires_after(options_.global_timeout);
  timer.async_wait([this](const asio::error_code& error) {
    if (error) return;
    finished_.timed_out = true;
    context_->stop();
  });
}

void Runner::watch_ticks(asio::steady_timer& timer) {
  if (!options_.on_tick) return;
  timer.expires_after(kTick);
  timer.async_wait([this, &timer](const asio::error_code& error) {
    if (error) return;
    options_.on_tick();
    watch_ticks(timer);
  });
}

Finished Runner::run() {
  auto table = SocketTable::open();
  if (table.ok()) socket_table_.emplace(std::move(table.value()));
  {
    asio::io_context context(1);
    context_ = &context;
    loop_.emplace(context);
    // Also where descriptors run out before anything has run.
    const struct ShutDown {
      Loop& loop;
      ~ShutDown() { loop.shutdown(); }
    } shut_down{*loop_};
    surroundings_ = {&*loop_, &target_, socket_table_ ? &*socket_table_ : nullptr,
                     options_.time_scale};
    asio::signal_set signals(context, SIGINT, SIGTERM);
    watch_signals(signals);
    asio::steady_timer clock(context);
    watch_clock(clock);
    asio::steady_timer ticks(context);
    watch_ticks(ticks);
    loop_->stalls().start();
    fill();
    context.run();
    target_.abandon();
  }
  if (trouble_) std::rethrow_exception(trouble_);
  conclude_varied();
  conclude_retried();
  for (auto& result : results_) {
    if (result) finished_.results.push_back(std::move(*result));
  }
  return std::move(finished_);
}

}  // namespace

Finished run_all(const std::vector<PlannedScenario>& plan, Target& target,
                 const RunOptions& options, const OnResult& on_result) {
  std::signal(SIGPIPE, SIG_IGN);
  // Inherited as ignored, the kernel would throw away how our programs end (man 2 wait).
  std::signal(SIGCHLD, SIG_DFL);
  return Runner(plan, target, options, on_result).run();
}

}  // namespace dialtone
