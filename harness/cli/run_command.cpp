#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <iterator>
#include <memory>
#include <numeric>
#include <random>
#include <string_view>
#include <utility>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/last_failed.hpp"
#include "harness/cli/live_log.hpp"
#include "harness/cli/report_options.hpp"
#include "harness/cli/secret_options.hpp"
#include "harness/cli/select_options.hpp"
#include "harness/cli/shard_options.hpp"
#include "harness/cli/shell_words.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/cli/validators.hpp"
#include "harness/model/duration.hpp"
#include "harness/model/event_tee.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/stray_known_failures.hpp"
#include "harness/runner/run_all.hpp"
#include "harness/steps/registry.hpp"
#include "reports/console.hpp"
#include "reports/live_console.hpp"
#include "reports/report_request.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kSegmentation = "segmentation";
constexpr std::string_view kTiming = "timing";

struct RunArguments {
  SelectOptions select;
  ShardOptions shard;
  TargetOptions target;
  std::vector<std::string> reports;
  int jobs = 0;
  bool fail_fast = false;
  bool failed = false;
  bool strict = false;
  int retries = 0;
  bool fail_flaky = false;
  int verbosity = 0;
  bool quiet = false;
  std::string color = "auto";
  std::string progress = "auto";
  std::string global_timeout;
  int skip_code = kNothingChecked;
  std::vector<std::string> vary;
  VaryOptions sampling;

  VaryOptions vary_options() const {
    auto options = sampling;
    options.segmentation = std::ranges::find(vary, kSegmentation) != vary.end();
    options.timing = std::ranges::find(vary, kTiming) != vary.end();
    return options;
  }
};

bool wanted(const std::string& choice, bool automatic) {
  return choice == "always" || (choice == "auto" && automatic);
}

ConsoleOptions console_options(const RunArguments& arguments) {
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = no_color != nullptr && *no_color != '\0';
  ConsoleOptions options;
  options.color = wanted(arguments.color, terminal && !refused);
  options.progress = wanted(arguments.progress, terminal);
  options.verbosity = arguments.quiet ? -1 : arguments.verbosity;
  return options;
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

/// In local time, as whoever wrote the profile's dates reads them.
std::string today() {
  const auto now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char day[16];
  return {day, std::strftime(day, sizeof day, "%Y-%m-%d", &local)};
}

std::string rerun_line(const RunArguments& arguments) {
  std::string line = "dialtone run";
  for (const auto& word : target_words(arguments.target)) line += ' ' + shell_word(word);
  if (arguments.strict) line += " --strict";
  const VaryOptions usual;
  for (const auto& kind : arguments.vary) line += " --vary " + kind;
  if (arguments.sampling.seed != usual.seed)
    line += fmt::format(" --vary-seed {}", arguments.sampling.seed);
  if (arguments.sampling.limit != usual.limit)
    line += fmt::format(" --vary-limit {}", arguments.sampling.limit);
  return line;
}

/// nullopt after the mistake was printed.
std::optional<Duration> global_timeout(const RunArguments& arguments) {
  if (arguments.global_timeout.empty()) return Duration::zero();
  const auto parsed = parse_duration(arguments.global_timeout);
  if (!parsed)
    print_error(fmt::format("--global-timeout: bad duration '{}'", arguments.global_timeout),
                "such as \"10m\"");
  return parsed;
}

/// What is to be run here.
struct Work {
  std::vector<PlannedScenario> planned;
  std::optional<RunShard> shard{};  ///< nullopt: all that was selected
  bool is_idle = false;             ///< it has only other shards' work to do: none
};

bool has_work(const std::vector<PlannedScenario>& planned) {
  return std::ranges::any_of(planned, [](const auto& each) { return !each.skip_reason; });
}

/// What shards of one run have in common on their command lines; the target's file may lie
/// elsewhere on each machine.
std::string common_options(RunArguments arguments) {
  arguments.target.target.clear();
  return rerun_line(arguments);
}

Work divide(const RunArguments& arguments, const ShardRequest& request,
            std::vector<PlannedScenario> planned) {
  Work work;
  const bool any = has_work(planned);
  work.shard = take_shard(planned, request, common_options(arguments));
  work.is_idle = any && !has_work(planned);
  work.planned = std::move(planned);
  return work;
}

/// Those of `--report`, and the file in which Bazel wants a JUnit report (its "Test encyclopedia").
std::optional<std::vector<ReportRequest>> wanted_reports(const RunArguments& arguments) {
  auto written = arguments.reports;
  const char* file = std::getenv("XML_OUTPUT_FILE");
  if (file != nullptr && *file != '\0') {
    const auto request = std::string("junit=") + file;
    if (std::ranges::find(written, request) == written.end()) written.push_back(request);
  }
  return report_requests(written);
}

int exit_code_of(const RunResult& run, const Finished& finished, const Work& work, int skip_code) {
  if (finished.signal != 0) return kSignalBase + finished.signal;
  const auto totals = count(run.results);
  if (totals.fail + totals.error > 0 || finished.timed_out || finished.target_problem ||
      (run.strict && totals.warn > 0))
    return kFailures;
  if (work.is_idle) {
    print_error("nothing is to be run here: " + shard_note(run), "the other shards have it");
    return kAllPassed;
  }
  if (totals.skip == totals.all()) {
    print_error("nothing was checked: every scenario was skipped",
                "what is skipped, and why, stands in the lines above");
    return skip_code;
  }
  return kAllPassed;
}

/// What a live log has is not kept for it.
bool wants_all(const ReportRequest& request) {
  return request.format->wants_all && !LiveLog::is_live(request);
}

/// The reports that are made of the finished run. What stopped the log is said too.
bool write_rest(const std::vector<ReportRequest>& requests, const RunResult& run, LiveLog& log) {
  log.end();
  const auto problem = log.problem();
  if (problem) print_error(*problem);
  std::vector<ReportRequest> rest;
  std::ranges::remove_copy_if(requests, std::back_inserter(rest), LiveLog::is_live);
  return write_reports(rest, run) && !problem;
}

/// Where they cannot be kept, only who asks for them need know.
void remember_failures(const RunResult& run, bool asked) {
  const auto problem = LastFailed::here().update(run);
  if (problem && asked) print_error(*problem, "'--failed' will select the same again");
}

/// What is known before anything runs.
RunResult head_of(const RunArguments& arguments, const ChosenTarget& chosen, const Work& work) {
  RunResult run;
  run.target = chosen.target->name();
  run.host = host_name();
  run.rerun = rerun_line(arguments);
  run.started = std::chrono::system_clock::now();
  run.strict = arguments.strict;
  run.shard = work.shard;
  if (chosen.secrets != nullptr) mask_head(run, *chosen.secrets);
  return run;
}

RunOptions options_of(const RunArguments& arguments, const std::vector<ReportRequest>& requests,
                      const ChosenTarget& chosen, Duration timeout) {
  RunOptions options;
  options.jobs = arguments.jobs;
  options.time_scale = arguments.target.time_scale;
  options.fail_fast = arguments.fail_fast;
  options.known_failures = chosen.known_failures;
  options.today = today();
  options.retry = {arguments.retries, arguments.strict, arguments.fail_flaky};
  options.vary = arguments.vary_options();
  options.global_timeout = timeout;
  options.secrets = chosen.secrets;
  options.keep_transcripts = std::ranges::any_of(requests, wants_all);
  return options;
}

void print_troubles(const RunArguments& arguments, const RunResult& run, const Finished& finished) {
  if (finished.timed_out)
    print_error(fmt::format("the run took longer than {} and was ended", arguments.global_timeout));
  if (!run.target_problem.empty())
    print_error("after the last scenario: " + printable(run.target_problem));
}

/// Empty where there is none.
std::string problem_of(const Finished& finished, const Secrets* secrets) {
  if (!finished.target_problem) return {};
  return secrets == nullptr ? *finished.target_problem
                            : secrets->masked_parts(*finished.target_problem);
}

int execute(const RunArguments& arguments, const std::vector<ReportRequest>& requests,
            ChosenTarget chosen, const Work& work, Duration timeout) {
  const auto& planned = work.planned;
  auto run = head_of(arguments, chosen, work);
  LiveLog log(requests, std::cout);
  if (const auto problem = log.problem()) {
    print_error(*problem);
    return kInternal;
  }
  if (auto* writer = log.writer()) writer->begin_run(run, planned);
  Console console(std::cout, console_options(arguments));
  console.begin(run, planned.size());
  auto options = options_of(arguments, requests, chosen, timeout);
  const auto shown = console_options(arguments);
  LiveConsole live(console, planned, shown.verbosity >= 2);
  EventTee tee({log.writer(), &live});
  options.log = log.writer();
  if (shown.progress || shown.verbosity >= 2)
    options.log = log.writer() == nullptr ? static_cast<EventSink*>(&live) : &tee;
  if (shown.progress) options.on_tick = [&console] { console.tick(Clock::now()); };
  const auto begin = Clock::now();
  auto finished = run_all(planned, *chosen.target, options,
                          [&](std::size_t index, const ScenarioResult& result) {
                            if (auto* writer = log.writer()) writer->finish(index, result);
                            console.finished(index, result);
                          });
  run.took = Clock::now() - begin;
  run.interrupted = finished.signal != 0 || finished.timed_out;
  run.results = std::move(finished.results);
  run.target_problem = problem_of(finished, chosen.secrets.get());
  if (auto* writer = log.writer()) writer->end_run(run);
  console.end(run);
  std::cout.flush();
  print_troubles(arguments, run, finished);
  const bool written = write_rest(requests, run, log);
  remember_failures(run, arguments.failed);
  if (!written) return kInternal;
  return exit_code_of(run, finished, work, arguments.skip_code);
}

/// False after it was said that there is nothing.
bool select_failed(std::vector<PlannedScenario>& planned) {
  const auto last = LastFailed::here();
  last.select(planned);
  if (planned.empty())
    print_error("nothing was checked: nothing that is selected failed when it was last run here",
                last.names().empty() ? "without --failed, everything runs"
                                     : "others failed: name their suites, or all");
  return !planned.empty();
}

int run(const RunArguments& arguments) {
  const auto requests = wanted_reports(arguments);
  const auto shard = choose_shard(arguments.shard);
  const auto timeout = global_timeout(arguments);
  auto chosen = choose_target(arguments.target);
  Diagnostics diagnostics;
  if (const auto* mistakes = std::get_if<Diagnostics>(&shard)) diagnostics = *mistakes;
  if (const auto* mistakes = std::get_if<Diagnostics>(&chosen))
    diagnostics.insert(diagnostics.end(), mistakes->begin(), mistakes->end());
  LoadOptions load{step_registry(), {}, {}};
  if (auto* good = std::get_if<ChosenTarget>(&chosen)) load = good->load_options();
  const auto files = find_suites(arguments.select.paths, diagnostics);
  auto loaded = load_suites(files, load);
  diagnostics.insert(diagnostics.end(), loaded.diagnostics.begin(), loaded.diagnostics.end());
  print_diagnostics(diagnostics);
  if (!requests || !timeout || !diagnostics.empty()) return kUsage;
  auto& target = std::get<ChosenTarget>(chosen);
  print_warnings(stray_known_failures(target.known_failures, loaded.suites));
  if (target.secrets != nullptr) {
    mask_suites(loaded.suites, *target.secrets);
    mask_reasons(target.known_failures, *target.secrets);
  }
  auto planned = plan(loaded.suites, target.provides(), arguments.select.selection());
  if (arguments.failed && !select_failed(planned)) return kNothingChecked;
  if (planned.empty()) {
    print_error("nothing was checked: no scenario matches the selection",
                "'dialtone list' shows what there is");
    return kNothingChecked;
  }
  const auto& request = std::get<ShardRequest>(shard);
  if (!touch_files(request.touched)) return kInternal;
  return execute(arguments, *requests, std::move(target),
                 divide(arguments, request, std::move(planned)), *timeout);
}

void add_vary_options(CLI::App& command, RunArguments& arguments) {
  command
      .add_option("--vary", arguments.vary,
                  "segmentation or timing: run each scenario under such variants too, which must "
                  "give the same verdict; repeatable")
      ->check(CLI::IsMember({std::string(kSegmentation), std::string(kTiming)}))
      ->allow_extra_args(false);
  command
      .add_option("--vary-limit", arguments.sampling.limit,
                  "Cuts that are tried of one scenario: a sample where it has more; 64")
      ->check(CLI::Range(1, 100000));
  command.add_option("--vary-seed", arguments.sampling.seed, "Seed of that sample; 1");
}

void add_output_options(CLI::App& command, RunArguments& arguments) {
  const std::vector<std::string> when{"auto", "always", "never"};
  add_report_option(command, arguments.reports);
  command.add_flag("-q,--quiet", arguments.quiet, "Only what did not pass, and the summary");
  command.add_flag("-v,--verbose", arguments.verbosity,
                   "Show every conversation; -vv: as it happens");
  command.add_option("--color", arguments.color, "auto, always or never; NO_COLOR is honoured")
      ->check(CLI::IsMember(when));
  command.add_option("--progress", arguments.progress, "auto, always or never")
      ->check(CLI::IsMember(when));
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<RunArguments>();
  auto* command = app.add_subcommand("run", "Run scenarios against a target and report what held");
  add_select_options(*command, arguments->select);
  add_shard_options(*command, arguments->shard);
  add_target_options(*command, arguments->target);
  command
      ->add_option("-j,--jobs", arguments->jobs,
                   "Scenarios at once; by default what the target bears")
      ->check(CLI::Range(1, 100000));
  command->add_option("--repeat", arguments->select.repeat, "Run each that often")
      ->check(CLI::Range(1, 1000000));
  command->add_flag("-x,--fail-fast", arguments->fail_fast,
                    "Start nothing more after the first failure or error");
  command->add_flag("--failed", arguments->failed,
                    "Only what failed when it was last run from this directory");
  command->add_flag("--strict", arguments->strict,
                    "A SHOULD that fails is a failure, not a warning");
  command
      ->add_option(
          "--retries", arguments->retries,
          "Run a scenario that fails again, up to N times: where it passes then, it is flaky")
      ->check(CLI::Range(0, 1000));
  command->add_flag("--fail-flaky", arguments->fail_flaky, "What is flaky counts as a failure");
  command
      ->add_option("--global-timeout", arguments->global_timeout,
                   "End the run after this long, such as \"10m\"")
      ->check(not_empty());
  command
      ->add_option("--skip-code", arguments->skip_code,
                   "Exit code where all that was selected is skipped; 4")
      ->check(CLI::Range(0, 255));
  add_vary_options(*command, *arguments);
  add_output_options(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace dialtone
