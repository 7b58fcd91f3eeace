#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "harness/model/duration.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/signal_name.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/net/process_observation.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr auto kHint = "by its name, such as \"SIGTERM\"";

/// Whether these processes have come to what the signal does for certain: SIGSTOP and SIGCONT
/// cannot be ignored. Of other signals nothing can be seen.
bool has_settled(int number, const std::vector<pid_t>& processes) {
  if (number == SIGSTOP) return std::ranges::all_of(processes, is_stopped);
  return number != SIGCONT || std::ranges::none_of(processes, is_stopped);
}

class Signal : public Step {
 public:
  explicit Signal(StepReader& reader)
      : signal_(reader.text("signal", "")),
        to_(reader.text_or("to", "target")),
        group_(reader.flag("group")),
        once_waiting_(reader.flag("once_waiting")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    auto* process = session.program(to_);
    if (process == nullptr)
      co_return impossible("NoProcess", fmt::format("'{}' is no program of ours", to_));
    const auto name = session.text(signal_);
    if (const auto* problem = std::get_if<Impossible>(&name)) co_return *problem;
    const auto number = find_signal(std::get<std::string>(name));
    if (!number) {
      co_return impossible("BadSignal", fmt::format("'{}' is no signal: give it {}",
                                                    printable(std::get<std::string>(name)), kHint));
    }
    if (const auto status = process->exit_status()) {
      const auto ended = fmt::format("it had ended: {}", to_string(*status));
      co_return failed(
          "ProgramEnded",
          fmt::format("{} cannot be sent to '{}': {}", signal_name(*number), to_, ended),
          "a program that runs", ended);
    }
    const bool ready = !once_waiting_ || co_await is_idle(session, *process);
    if (!ready) {
      co_return impossible("NeverWaited",
                           fmt::format("'{}' was never seen to wait for something with all its "
                                       "threads: what {} would interrupt cannot be told",
                                       to_, signal_name(*number)));
    }
    send(session, *process, *number);
    co_return co_await settle(session, *process, *number);
  }

 private:
  void send(Session& session, Process& process, int number) const {
    session.recorder().note(fmt::format("{} to '{}'{}, process {}", signal_name(number), to_,
                                        group_ ? " and its group" : "", process.pid()));
    if (group_) {
      process.signal_group(number);
    } else {
      process.signal(number);
    }
  }

  /// Or it has ended, which the next step will see.
  Task<bool> is_idle(Session& session, Process& process) const {
    return session.poll(session.deadline(within_), [&] {
      return process.exit_status().has_value() ||
             std::ranges::all_of(
                 group_ ? running_members(process.pid()) : std::vector{process.pid()}, is_waiting);
    });
  }

  Task<StepOutcome> settle(Session& session, Process& process, int number) const {
    const auto deadline = session.deadline(within_);
    const bool settled = co_await session.poll(deadline, [&] {
      if (process.exit_status()) return true;  // by another hand: the next step will see
      return has_settled(number,
                         group_ ? running_members(process.pid()) : std::vector{process.pid()});
    });
    if (settled) co_return Passed{};
    co_return impossible("SignalNotTaken",
                         fmt::format("{} had no effect on '{}' within {}: the kernel did not show "
                                     "that the process {}",
                                     signal_name(number), to_, format_duration(deadline.budget()),
                                     number == SIGSTOP ? "stopped" : "went on"));
  }

  Template signal_;
  std::string to_;
  bool group_;
  bool once_waiting_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_signal(StepReader& reader) {
  if (reader.text_or("to", "target") == "target") {
    reader.need("process");
    reader.need("process_control");
  }
  const auto name = reader.text("signal", "SIGTERM").constant();
  if (name && !find_signal(*name))
    reader.report("signal", fmt::format("unknown signal '{}'", printable(*name)), kHint);
  return std::make_shared<Signal>(reader);
}

constexpr std::array kFields{
    Field{"signal", FieldType::kText, "its name, such as \"SIGSTOP\"; ${name} too", true},
    Field{"to", FieldType::kProgram, "the program; \"target\" by default"},
    Field{"group", FieldType::kBoolean, "to all processes of its group; else to it alone"},
    Field{"once_waiting", FieldType::kBoolean,
          "only when the kernel shows all its threads waiting: the signal then interrupts a wait"},
};

}  // namespace

extern const StepSpec kSignal{
    .verb = "signal",
    .summary =
        "Sends a signal to a program. After SIGSTOP it waits until the kernel shows every thread "
        "stopped, after SIGCONT until it shows them going on.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "signal": "SIGSTOP", "to": "target" })",
    .parse = parse_signal};

}  // namespace dialtone
