#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/charset.hpp"
#include "harness/model/clock.hpp"
#include "harness/model/diagnostic.hpp"
#include "harness/model/event.hpp"
#include "harness/model/shard.hpp"

namespace dialtone {

struct Scenario;
struct Suite;

enum class Verdict {
  kPass,
  kFail,   ///< the endpoint broke a MUST
  kWarn,   ///< it broke a SHOULD; a failure under --strict
  kError,  ///< no judgement was possible: set-up, environment, a stalled harness
  kKnown,  ///< it failed, and the profile knows and says why
  kSkip,   ///< something that the scenario needs was not provided
};

inline constexpr std::array kVerdicts{Verdict::kPass,  Verdict::kFail,  Verdict::kWarn,
                                      Verdict::kError, Verdict::kKnown, Verdict::kSkip};

/// "pass", "fail", "warn", "error", "known", "skip".
std::string_view name_of(Verdict verdict);

/// Octets that should have come, against those that did.
struct ByteComparison {
  Bytes expected;
  Bytes actual;
  std::size_t offset = 0;  ///< of the first octet that differs, in both
  Encoding encoding = Encoding::kUtf8;
};

/// The type of a problem that is the harness' own: it stood still, and nothing can be said of the
/// peer.
inline constexpr std::string_view kHarnessStalled = "HarnessStalled";

/// The type of the problem of a scenario that passed only when it was run again, where that counts
/// as a failure (--fail-flaky).
inline constexpr std::string_view kFlaky = "Flaky";

/// Why a scenario did not pass.
struct Problem {
  std::string type;      ///< CamelCase word, stable: "ExpectMismatch", "Timeout", "HarnessStalled"
  std::string message;   ///< one line, without the step's number
  std::string expected;  ///< may be empty
  std::string actual;    ///< may be empty
  std::optional<ByteComparison> bytes;
  // Of a step inside the failed one, which is to blame: the step of a branch.
  std::string step{};  ///< as the file has it, on one line; empty: the failed one itself
  std::optional<SourceLocation> where{};
};

/// What a launched program printed, kept for the report.
struct ProgramOutput {
  std::string program;  ///< "target", or the name that the scenario gave
  Bytes standard_output;
  Bytes standard_error;
  std::string ended;  ///< "exit code 0", "signal 9 (SIGKILL)", or empty where it was still running
};

/// What came of a scenario's variants (--vary).
struct VariantSummary {
  std::size_t run = 0;      ///< besides the whole one
  std::size_t unshown = 0;  ///< those whose pieces were not all shown to be read by themselves
  std::size_t cuts = 0;     ///< that were tried, of `possible_cuts`
  std::size_t possible_cuts = 0;
  std::uint64_t seed = 0;         ///< of the sample, where not all were tried
  std::vector<std::string> none;  ///< why something was left out
  std::string differs;            ///< the smallest variant whose verdict differs; may be empty
};

/// For people, a line each: what was sampled, what was not shown, what was left out and why.
std::vector<std::string> notes_of(const VariantSummary& variants);

struct ScenarioResult {
  std::shared_ptr<const Suite> suite;
  const Scenario* scenario = nullptr;  ///< lives in `suite`
  int repetition = 1;                  ///< from 1, with --repeat
  int repetitions = 1;
  Verdict verdict = Verdict::kSkip;
  std::string known_reason;  ///< why the profile lets it fail; for the verdict known
  Problem problem;  ///< meaningful for fail, warn and error; for skip only `message`, the reason
  int failed_step = -1;  ///< index from 0; -1 where no step is to blame
  SourceLocation where;  ///< of the failed step, else of the scenario
  Transcript transcript;
  int run = 0;            ///< number of the run that the transcript is of, where a log was written
  std::size_t place = 0;  ///< in the plan that was run, from 0
  std::vector<ProgramOutput> outputs;
  WallTime started;
  Duration took{};
  int stalled_runs = 0;  ///< before this one, which gave no verdict: the harness had stood still
  std::optional<VariantSummary> variants{};  ///< nullopt without --vary
  std::vector<ScenarioResult> attempts{};    ///< that failed before this one, in order (--retries);
                                             ///< they have none of their own
};

/// It passed, but only when it was run again.
bool is_flaky(const ScenarioResult& result);

/// "2 runs before this one gave no verdict: the harness had stood still", or empty.
std::string stalled_note(const ScenarioResult& result);

struct Totals {
  int pass = 0;
  int fail = 0;
  int warn = 0;
  int error = 0;
  int known = 0;
  int skip = 0;
  int flaky = 0;  ///< of those that passed

  int all() const { return pass + fail + warn + error + known + skip; }
  void add(Verdict verdict);
  void add(const ScenarioResult& result);
};

/// A finished run; what every report is made of. Results stand in the order of the files, whatever
/// order they ended in.
struct RunResult {
  std::string target;  ///< the profile's name
  std::string host;    ///< of the machine that ran it
  std::string rerun;  ///< command line that runs this target again, without a filter: "dialtone run
                      ///< --target x.json"
  WallTime started;
  Duration took{};
  bool interrupted = false;  ///< a signal ended it; `results` holds what was finished
  bool strict = false;       ///< a warning counts as a failure
  /// What went wrong with the target after the last scenario, such as the death of one that all of
  /// them shared; empty: nothing. It fails the run.
  std::string target_problem{};
  std::optional<RunShard> shard{};      ///< nullopt: it is no part of another
  std::optional<PartialRun> partial{};  ///< of shards, of which some are missing
  std::vector<ScenarioResult> results;
};

Totals count(const std::vector<ScenarioResult>& results);

/// What fails the run and is no scenario's. Readers of most formats know of nothing that fails but
/// their cases, so that each is one there.
struct RunProblem {
  std::string name;  ///< "the target after the last scenario"
  std::string message;
};
std::vector<RunProblem> problems_of(const RunResult& run);

/// "ART-09", or "ART-09 [3/500]" where it was repeated: unique within its suite and run.
std::string display_name(const ScenarioResult& result);

/// The shell command that runs just this scenario again.
std::string rerun_command(const RunResult& run, const ScenarioResult& result);

}  // namespace dialtone
