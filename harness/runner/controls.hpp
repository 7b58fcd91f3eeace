#pragma once

#include <algorithm>
#include <chrono>
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

/// How long what a target was told may take to be seen: a signal is not acted on at once.
constexpr Duration kTakesEffect = std::chrono::seconds(2);
/// How long it may take to listen again.
constexpr Duration kListensAgain = std::chrono::seconds(10);

/// What a profile says of how a target is steered, done for one target. Lives on one loop.
class Controls {
 public:
  Controls(Loop& loop, ControlSpecs specs) : loop_(&loop), specs_(std::move(specs)) {}
  Controls(Controls&&) noexcept = default;
  Controls& operator=(Controls&&) = delete;
  /// Where the run ends early, and the loop will not run again, programs take back what was not
  /// taken back yet. Blocks for that, 5 s at the most; says on standard error that it was in vain.
  ~Controls();

  /// By the profile's signal to `process`, or by its program, which must end with 0 within `limit`;
  /// why it was not done, where it was not. "resume_accept" takes "pause_accept" back. `process`:
  /// nullptr where the target is no program of ours.
  Task<std::optional<std::string>> perform(std::string_view name, const SocketAddress& target,
                                           Process* process, Duration limit);

  bool were_performed() const { return !performed_.empty(); }
  /// Whether it was told to close its listener, and not yet to open it again.
  bool close_was_performed() const {
    return std::ranges::find(performed_, "close_listener") != performed_.end();
  }
  /// Takes back what was performed and was not taken back yet, the last one first; by programs
  /// alone where `process` is nullptr. Of several problems the first.
  Task<std::optional<std::string>> undo(Process* process);

 private:
  void undo_at_end();
  Task<std::optional<std::string>> act(const ControlAction& action, Process* process,
                                       Duration limit);

  Loop* loop_;
  ControlSpecs specs_;
  SocketAddress target_;
  std::vector<std::string> performed_;
};

}  // namespace dialtone
