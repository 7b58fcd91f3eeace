#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/result.hpp"
#include "reports/junit_names.hpp"

/// How a run's results become JUnit's suites and cases; the XML is junit.cpp's.
namespace dialtone::junit {

/// What a verdict is to a JUnit reader.
enum class Outcome { kPassed, kFailure, kError, kSkipped };

/// A warning is skipped, but in a strict run a failure.
Outcome outcome_of(Verdict verdict, bool strict);

/// Rounded to the nearest.
std::int64_t milliseconds(Duration duration);

/// The children of a suite, or of all.
struct Counters {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  std::int64_t milliseconds = 0;  ///< summed after rounding: a suite's time is that of its cases

  void add(Outcome outcome, std::int64_t took);
};

struct Case {
  const ScenarioResult* result;
  std::size_t index;  ///< of the result in its run
  std::string name;   ///< unique with its suite's name: readers drop the second of two equal ones
};

/// The results of one suite file.
struct Group {
  /// Neighbours in the run: places from `begin` to before `end`.
  struct Span {
    std::size_t begin;
    std::size_t end;
  };

  const Suite* suite = nullptr;
  std::vector<Span> spans{};
  Counters counters{};
  WallTime started = WallTime::max();
  std::size_t renamed = 0;
  std::string first_renamed{};
};

/// A run's cases by file, in the order in which the files first appear. Holds nothing of a single
/// case, so that the report of a long run needs no more memory than that of a short one. The run
/// must outlive this.
class Groups {
 public:
  explicit Groups(const RunResult& run);

  const std::vector<Group>& all() const { return groups_; }
  Counters sum() const;

  /// Shows the cases of one group, in order. For each group once, in the order of all(): names
  /// depend on it.
  void each_case(const Group& group, const std::function<void(const Case&)>& show);

 private:
  Group& group_of(const Suite& suite);
  void count_renamed();

  const RunResult& run_;
  std::vector<Group> groups_;
  std::map<std::string_view, std::size_t> index_of_file_;
  Names names_;
};

}  // namespace dialtone::junit
