#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/result.hpp"

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
  std::string name;  ///< unique with its suite's name: readers drop the second of two equal ones
};

/// The results of one suite file.
struct Group {
  const Suite* suite = nullptr;
  std::vector<Case> cases{};
  Counters counters{};
  WallTime started = WallTime::max();
  std::size_t renamed = 0;
  std::string first_renamed{};
};

/// In the order in which the files first appear. The run must outlive the groups.
std::vector<Group> group_by_file(const RunResult& run);

Counters sum(const std::vector<Group>& groups);

}  // namespace dialtone::junit
