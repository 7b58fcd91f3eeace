#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <memory>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

class Accept : public Step {
 public:
  explicit Accept(StepReader& reader)
      : name_(reader.name("accept")), on_(reader.name("on")), within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    auto& listener = session.listener(on_);
    const auto deadline = session.deadline(within_);
    auto accepted = co_await listener.accept(deadline.at());
    if (auto* socket = std::get_if<AcceptedSocket>(&accepted)) {
      const auto local = SocketAddress::local_of(socket->fd.get()).value_or(listener.local());
      session.recorder().add(name_, Accepted{local.to_string(), socket->peer.to_string()});
      session.add(std::make_unique<Connection>(session.loop(), session.recorder(), name_,
                                               std::move(socket->fd), local, socket->peer));
      co_return Passed{};
    }
    const int error = std::get<int>(accepted);
    if (error != ETIME) co_return trouble({"accept", error});
    if (deadline.spoilt(session.loop()))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    const auto nobody =
        fmt::format("nobody connected within {}", format_duration(deadline.budget()));
    co_return failed("Timeout", fmt::format("expected a connection, but {}", nobody),
                     "a connection", nobody);
  }

 private:
  std::string name_;
  std::string on_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_accept(StepReader& reader) {
  return std::make_shared<Accept>(reader);
}

constexpr std::array kFields{
    Field{"accept", FieldType::kNewConnection, "a name for the connection", true},
    Field{"on", FieldType::kListener, "the listener", true},
};

}  // namespace

extern const StepSpec kAccept{.verb = "accept",
                              .summary = "Takes one connection from a listener of the harness.",
                              .fields = kFields,
                              .needs = "",
                              .example = R"({ "accept": "caller", "on": "desk" })",
                              .parse = parse_accept};

}  // namespace dialtone
