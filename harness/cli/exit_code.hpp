#pragma once

namespace dialtone {

/// What a pipeline may rely on (README, "Exit codes").
enum ExitCode : int {
  kAllPassed = 0,
  kFailures = 1,        ///< a failure or an error
  kUsage = 2,           ///< a mistake in the command line, a profile or a scenario: nothing was run
  kInternal = 3,        ///< a defect of this program, or a report that could not be written
  kNothingChecked = 4,  ///< nothing was selected, or everything was skipped
  kSignalBase =
      128,  ///< plus the signal's number: the run was interrupted, its reports were written
};

}  // namespace dialtone
