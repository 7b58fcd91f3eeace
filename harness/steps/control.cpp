#include <fmt/format.h>

#include <array>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 4> kControls{"await_accept", "close_listener",
                                                    "pause_accept", "resume_accept"};

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
  explicit Control(std::string name) : name_(std::move(name)) {}

  Task<StepOutcome> run(Session& session) const override {
    session.recorder().note(fmt::format("control: {}", name_));
    const auto problem = co_await session.endpoint().control(name_);
    if (problem)
      co_return impossible("ControlFailed", fmt::format("control '{}': {}", name_, *problem));
    co_return Passed{};
  }

 private:
  std::string name_;
};

std::shared_ptr<const Step> parse_control(StepReader& reader) {
  const auto name = reader.name("control");
  if (name == "await_accept") {
    reader.need("socket_table");
    return std::make_shared<AwaitAccept>(reader.connections("of"), read_within(reader));
  }
  reader.need(name == "resume_accept" ? "control.pause_accept" : fmt::format("control.{}", name));
  if (reader.has("of")) reader.report("of", fmt::format("'{}' concerns no connection", name));
  return std::make_shared<Control>(name);
}

constexpr std::array kFields{
    Field{"control", FieldType::kChoice, "what to do", true, kControls},
    Field{"of", FieldType::kConnections, "await_accept: the connections; the only one by default"},
};

}  // namespace

extern const StepSpec kControl{.verb = "control",
                               .summary =
                                   "Steers the server: it stops listening, pauses its accepts, or "
                                   "is waited for until it has accepted.",
                               .fields = kFields,
                               .needs = "",
                               .example = R"({ "control": "close_listener" })",
                               .parse = parse_control};

}  // namespace dialtone
