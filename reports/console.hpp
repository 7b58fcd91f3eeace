#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/result.hpp"
#include "reports/in_flight.hpp"
#include "reports/line.hpp"

namespace dialtone {

struct ConsoleOptions {
  bool color = false;     ///< ANSI colours (SGR); words say everything without them too
  bool progress = false;  ///< a status line that rewrites itself: only for a terminal
  int verbosity = 0;  ///< -1: what did not pass or is flaky, and the summary; 0: a line a scenario;
                      ///< 1: every conversation; 2: as it happens (LiveConsole), not afterwards
  int width = 100;    ///< columns
};

/// Shows a run to a person while it goes on. Results may be told in any order and are printed in
/// the order of the files: each when all before it are there. Repetitions of a scenario (RunResult,
/// --repeat) share one line. Not for several threads at once.
class Console {
 public:
  /// `out` must outlive the console.
  Console(std::ostream& out, ConsoleOptions options);

  /// `run` without results: its target, its command line and whether it is strict. `total`: how
  /// many results will come, 0 where nobody knows.
  void begin(const RunResult& run, std::size_t total);

  /// The scenario at `index` is under way.
  void started(std::size_t index, const std::string& id, TimePoint now);

  /// A line on something that happens, at once. Printable or not.
  void happened(const std::string& line);

  /// Some time has passed: how long the scenarios are under way is shown anew.
  void tick(TimePoint now);

  /// `index`: the result's place in the order of the files, from 0, every one once.
  void finished(std::size_t index, const ScenarioResult& result);

  /// Prints what still waits (a run that was interrupted has gaps), then the summary of
  /// run.results.
  void end(const RunResult& run);

 private:
  /// What is kept of a result until its line is printed.
  struct Finished {
    std::shared_ptr<const Suite> suite;
    const Scenario* scenario;
    int repetitions;
    Verdict verdict;
    bool is_flaky;
    Duration took;
    std::size_t variants;
    std::string details;  ///< rendered block, may be empty
  };
  /// A scenario with all its repetitions.
  struct Tally {
    std::size_t first_index;
    std::shared_ptr<const Suite> suite;
    const Scenario* scenario;
    int repetitions;
    Totals totals{};
    Duration took{};
    std::size_t variants = 0;
    std::string details{};
    int blocks = 0;  ///< in `details`
  };

  std::string details_of(const ScenarioResult& result) const;
  void take(std::size_t index, const Finished& result);
  void print(const Tally& tally);
  void print_heading(const std::shared_ptr<const Suite>& suite);
  std::string result_line(const Tally& tally, Verdict verdict) const;
  void print_remaining();
  void print_status();
  void rewrite_status();
  std::string status_text() const;
  void erase_status();
  std::string render(const Lines& lines, std::size_t indent) const;
  std::string painted(std::string_view text, std::string_view sgr) const;

  std::ostream& out_;
  ConsoleOptions options_;
  RunResult run_;  ///< as begin() was told: without results
  std::size_t total_ = 0;
  std::size_t next_ = 0;  ///< index of the first result that was not taken yet
  std::map<std::size_t, Finished> waiting_;
  std::map<const Scenario*, Tally> tallies_;
  std::shared_ptr<const Suite> heading_;  ///< the last one printed
  bool has_printed_ = false;
  Totals told_;  ///< of all results that finished() was told
  InFlight in_flight_;
  TimePoint now_{};  ///< as we were told last
  bool has_status_ = false;
  std::size_t status_step_ = 0;  ///< what the status line shows, coarsely
};

}  // namespace dialtone
