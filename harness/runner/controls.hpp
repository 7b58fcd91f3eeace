#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/control_spec.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/process.hpp"
#include "harness/net/socket_address.hpp"
#include "harness/net/task.hpp"

namespace dialtone {

/// What a profile says of how a target is steered, done for one target. Lives on one loop.
class Controls {
 public:
  Controls(Loop& loop, ControlSpecs specs) : loop_(&loop), specs_(std::move(specs)) {}

  /// By the profile's signal to `process`, or by its program, which must end with 0; why it was not
  /// done, where it was not. "resume_accept" takes "pause_accept" back. `process`: nullptr where
  /// the target is no program of ours.
  Task<std::optional<std::string>> perform(std::string_view name, const SocketAddress& target,
                                           Process* process);

  bool were_performed() const { return !performed_.empty(); }
  /// Takes back what was performed and was not taken back yet, the last one first. Of several
  /// problems the first.
  Task<std::optional<std::string>> undo(const SocketAddress& target, Process* process);

  /// The same by programs alone, blocking, for a few seconds at the most: where the run ends early,
  /// and the loop will not run again. What goes wrong is not told.
  void undo_at_once(const SocketAddress& target);

 private:
  Task<std::optional<std::string>> act(const ControlAction& action, const SocketAddress& target,
                                       Process* process);

  Loop* loop_;
  ControlSpecs specs_;
  std::vector<std::string> performed_;
};

}  // namespace dialtone
