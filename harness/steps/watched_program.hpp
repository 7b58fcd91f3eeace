#pragma once

#include <optional>
#include <string>
#include <variant>

#include "harness/net/process_observation.hpp"
#include "harness/net/task.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

class ObservedProcesses;
class Process;
class Session;

/// A program that a step looks at: one that was launched, with its process group, or a target that
/// runs already, which is looked at and never signalled.
class WatchedProgram {
 public:
  static std::variant<WatchedProgram, Impossible> of(Session& session, const std::string& name);

  OsResult<int> descriptors() const;
  ProcessorUse processor_use() const;

  /// Of a target that runs already: another client than this scenario is connected to it, so that
  /// what is seen of it may be that one's doing.
  std::optional<Impossible> used_by_others(Session& session) const;

  /// What it means for a step that needs it running: a failure where it has ended, nullopt where it
  /// runs.
  std::optional<StepOutcome> ended() const;
  /// The same where the kernel has just shown nothing of it: its end may be told a moment later.
  Task<std::optional<StepOutcome>> ended_soon() const;

 private:
  WatchedProgram(std::string name, Process* process, const ObservedProcesses* observed)
      : name_(std::move(name)), process_(process), observed_(observed) {}

  std::string name_;
  Process* process_;  ///< one of the two is nullptr; they live with the session
  const ObservedProcesses* observed_;
};

}  // namespace dialtone
