#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "harness/model/errno_name.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

/// close and reset: the connections end here.
class End : public Step {
 public:
  using Act = void (Connection::*)();
  End(std::vector<std::string> names, Act act, bool ignore_data)
      : names_(std::move(names)), act_(act), ignore_data_(ignore_data) {}

  Task<StepOutcome> run(Session& session) const override {
    for (const auto& name : names_) {
      if (session.has_datagrams(name)) {
        session.datagrams(name).close();
      } else if (session.has_listener(name)) {
        session.listener(name).close();
        session.recorder().add(name, WeEnded{WeEnded::How::kClose});
      } else if (act_ == &Connection::reset && !session.connection(name).can_reset()) {
        co_return impossible("NoReset",
                             fmt::format("'{}' cannot be reset: on a Unix socket only a close with "
                                         "octets left unread does that, and there are none",
                                         name));
      } else {
        auto& connection = session.connection(name);
        if (ignore_data_) connection.ignore_rest();
        (connection.*act_)();
      }
    }
    co_return Passed{};
  }

 private:
  std::vector<std::string> names_;
  Act act_;
  bool ignore_data_;
};

constexpr std::array<std::string_view, 2> kCloseNotify{"alone", "omitted"};

CloseNotify read_close_notify(StepReader& reader) {
  const auto written = reader.text_or("close_notify", "");
  if (written == "alone") return CloseNotify::kAlone;
  return written == "omitted" ? CloseNotify::kOmitted : CloseNotify::kThenFin;
}

class Shutdown : public Step {
 public:
  explicit Shutdown(StepReader& reader)
      : on_(reader.connections("shutdown")),
        peer_may_be_gone_(reader.flag("peer_may_be_gone")),
        close_notify_(read_close_notify(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    for (const auto& name : on_) {
      auto& connection = session.connection(name);
      if (close_notify_ != CloseNotify::kThenFin && connection.tls() == nullptr)
        co_return impossible("NoTls", fmt::format("'{}' speaks no TLS", name));
      if (connection.has_shut_down()) continue;  // "end_request" has done it
      const int error = connection.shutdown(close_notify_);
      if (error == 0 || (error == ENOTCONN && peer_may_be_gone_)) continue;
      co_return failed("ShutdownFailed",
                       fmt::format("shutdown failed with {}: the peer is gone", errno_name(error)),
                       "our direction ends", errno_name(error));
    }
    co_return Passed{};
  }

 private:
  std::vector<std::string> on_;
  bool peer_may_be_gone_;
  CloseNotify close_notify_;
};

std::shared_ptr<const Step> parse_end(StepReader& reader, std::string_view verb, End::Act act) {
  auto names = reader.connections(verb);
  for (const auto& name : names) reader.scope().end(name);
  return std::make_shared<End>(std::move(names), act, reader.flag("ignore_data"));
}

std::shared_ptr<const Step> parse_close(StepReader& reader) {
  return parse_end(reader, "close", &Connection::close);
}
std::shared_ptr<const Step> parse_reset(StepReader& reader) {
  const auto names = reader.connections("reset");
  const auto is_targets = [&](const auto& name) { return !reader.scope().leads_elsewhere(name); };
  if (std::ranges::any_of(names, is_targets)) reader.need("tcp");
  return parse_end(reader, "reset", &Connection::reset);
}
std::shared_ptr<const Step> parse_shutdown(StepReader& reader) {
  return std::make_shared<Shutdown>(reader);
}

constexpr Field kIgnoreData{"ignore_data", FieldType::kBoolean,
                            "octets of the connection that no step took do not fail the scenario"};

constexpr std::array kCloseFields{
    Field{"close", FieldType::kEndedConnections,
          "the connections or listeners, or true for the only connection", true},
    kIgnoreData,
};
constexpr std::array kResetFields{
    Field{"reset", FieldType::kEndedConnections, "the connections, or true for the only one", true},
    kIgnoreData,
};
constexpr std::array kShutdownFields{
    Field{"shutdown", FieldType::kConnections, "the connections, or true for the only one", true},
    Field{"peer_may_be_gone", FieldType::kBoolean,
          "no failure where the peer's RST came first (ENOTCONN): a later step judges its ending"},
    Field{"close_notify", FieldType::kChoice,
          "over TLS: \"alone\", without the FIN that follows it by default, or \"omitted\": FIN "
          "without it",
          false, kCloseNotify},
};

}  // namespace

extern const StepSpec kClose{
    .verb = "close",
    .summary = "Closes: FIN, after reading what had arrived. Unread octets would make it a RST.",
    .fields = kCloseFields,
    .needs = "",
    .example = R"({ "close": "c" })",
    .parse = parse_close,
    .links = Links::kBoth};

extern const StepSpec kReset{.verb = "reset",
                             .summary = "Ends the connection by RST (SO_LINGER with zero).",
                             .fields = kResetFields,
                             .needs = "",
                             .example = R"({ "reset": "c" })",
                             .parse = parse_reset};

extern const StepSpec kShutdown{
    .verb = "shutdown",
    .summary = "Half-close: our direction ends with FIN, the peer's goes on.",
    .fields = kShutdownFields,
    .needs = "",
    .example = R"({ "shutdown": "c" })",
    .parse = parse_shutdown};

}  // namespace dialtone
