#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 6> kControls{
    "await_accept", "close_listener", "pause_accept", "resume_accept", "kill", "restart"};

// The user's own command may have to reach another host.
constexpr Duration kLimit = std::chrono::seconds(30);

/// Waits until the target's program has called accept for these connections: until then they exist,
/// but nobody serves them (ART-37). The kernel's table says so: the socket of the server's side has
/// an owner.
class AwaitAccept : public Step {
 public:
  AwaitAccept(std::vector<std::string> of, std::optional<Duration> within)
      : of_(std::move(of)), within_(within) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto deadline = session.deadline(within_);
    for (const auto& name : of_) {
      const auto& connection = session.connection(name);
      OsResult<bool> accepted = false;
      co_await session.poll(deadline, [&] {
        accepted = is_accepted(session, connection);
        return !accepted.ok() || accepted.value();
      });
      if (!accepted.ok()) co_return impossible("LocalTrouble", accepted.error().text);
      if (accepted.value()) continue;
      if (deadline.spoilt(session.loop()))
        co_return stalled({deadline.stalled(session.loop())}, deadline);
      const auto waited = fmt::format("not accepted within {}", format_duration(deadline.budget()));
      co_return failed("Timeout", fmt::format("'{}' was {}", name, waited),
                       "the server accepts the connection", waited);
    }
    co_return Passed{};
  }

 private:
  static OsResult<bool> is_accepted(Session& session, const Connection& connection) {
    const auto row = session.socket_table().find(connection.peer(), connection.local());
    if (!row.ok()) return row.error();
    return row.value() && row.value()->inode != 0;
  }

  std::vector<std::string> of_;
  std::optional<Duration> within_;
};

class Control : public Step {
 public:
  Control(std::string name, std::optional<Duration> within)
      : name_(std::move(name)), within_(within) {}

  Task<StepOutcome> run(Session& session) const override {
    session.recorder().note(fmt::format("control: {}", name_));
    const auto problem =
        co_await session.endpoint().control(name_, session.budget(within_.value_or(kLimit)));
    if (problem)
      co_return impossible("ControlFailed", fmt::format("control '{}': {}", name_, *problem));
    co_return Passed{};
  }

 private:
  std::string name_;
  std::optional<Duration> within_;
};

/// The process alone: what it has forked stays, with all that it inherited (ROB-42).
class Kill : public Step {
 public:
  explicit Kill(std::optional<Duration> within) : within_(within) {}

  Task<StepOutcome> run(Session& session) const override {
    auto* process = session.endpoint().process();
    if (process == nullptr) co_return impossible("NoProcess", "the target is no program of ours");
    session.recorder().note(fmt::format("control: kill process {}", process->pid()));
    process->signal(SIGKILL);
    const auto deadline = session.deadline(within_);
    const bool ended = co_await process->wait_exit(deadline.at());
    if (ended) co_return Passed{};
    co_return impossible("ControlFailed",
                         fmt::format("the target got SIGKILL and did not end within {}",
                                     format_duration(deadline.budget())));
  }

 private:
  std::optional<Duration> within_;
};

class Restart : public Step {
 public:
  Task<StepOutcome> run(Session& session) const override {
    session.recorder().note("control: restart");
    const auto restarted = co_await session.endpoint().restart(session.recorder());
    switch (restarted.outcome) {
      case Restarted::Outcome::kListens: break;
      case Restarted::Outcome::kTargetFailed:
        co_return failed(
            "RestartFailed",
            fmt::format("the target did not come back from a restart: {}", restarted.what),
            "it listens on its address again", restarted.what);
      case Restarted::Outcome::kImpossible:
        co_return impossible("ControlFailed", fmt::format("control 'restart': {}", restarted.what));
    }
    co_return Passed{};
  }
};

std::shared_ptr<const Step> parse_control(StepReader& reader) {
  const auto name = reader.name("control");
  if (name == "await_accept") {
    reader.need("socket_table");
    return std::make_shared<AwaitAccept>(reader.connections("of"), read_within(reader));
  }
  if (reader.has("of")) reader.report("of", fmt::format("'{}' concerns no connection", name));
  if (name == "kill") {
    reader.need("process");
    reader.need("process_control");
    return std::make_shared<Kill>(read_within(reader));
  }
  reader.need(name == "resume_accept" ? "control.pause_accept" : fmt::format("control.{}", name));
  if (name == "restart") return std::make_shared<Restart>();
  return std::make_shared<Control>(name, read_within(reader));
}

constexpr std::array kFields{
    Field{"control", FieldType::kChoice, "what to do", true, kControls},
    Field{"of", FieldType::kConnections, "await_accept: the connections; the only one by default"},
};

}  // namespace

extern const StepSpec kControl{.verb = "control",
                               .summary =
                                   "Steers the server: it stops listening, pauses its accepts, is "
                                   "waited for until it has accepted, is killed (the process "
                                   "alone), or is killed with its group and launched again.",
                               .fields = kFields,
                               .needs = "",
                               .example = R"({ "control": "close_listener" })",
                               .parse = parse_control};

}  // namespace dialtone
