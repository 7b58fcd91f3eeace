#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 3> kOutcomes{"connected", "tls_failed", "distrusted"};

enum class Outcome { kConnected, kTlsFailed, kDistrusted };

Outcome read_outcome(const StepReader& reader) {
  const auto written = reader.text_or("outcome", "connected");
  if (written == "tls_failed") return Outcome::kTlsFailed;
  return written == "distrusted" ? Outcome::kDistrusted : Outcome::kConnected;
}

class Accept : public Step {
 public:
  explicit Accept(StepReader& reader)
      : name_(reader.name("accept")),
        on_(reader.name("on")),
        outcome_(read_outcome(reader)),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    auto& listener = session.listener(on_);
    const auto deadline = session.deadline(within_);
    auto accepted = co_await listener.accept(deadline.at());
    if (auto* socket = std::get_if<AcceptedSocket>(&accepted)) {
      const auto local = SocketAddress::local_of(socket->fd.get()).value_or(listener.local());
      session.recorder().add(name_, Accepted{local.to_string(), socket->peer.to_string()});
      auto connection = std::make_unique<Connection>(session.loop(), session.recorder(), name_,
                                                     std::move(socket->fd), local, socket->peer);
      if (connection->called_late(deadline))
        co_return stalled({deadline.stalled(session.loop())}, deadline);
      const auto tls = session.listener_tls(on_);
      if (!tls) co_return take_plain(session, std::move(connection));
      co_return co_await take_secure(session, std::move(connection), *tls, deadline);
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
  StepOutcome take_plain(Session& session, std::unique_ptr<Connection> connection) const {
    session.add(std::move(connection));
    if (outcome_ == Outcome::kConnected) return Passed{};
    return impossible("NoTls", fmt::format("'{}' listens without TLS: none can fail", on_));
  }

  Task<StepOutcome> take_secure(Session& session, std::unique_ptr<Connection> connection,
                                const TlsContext& tls, Deadline deadline) const {
    auto& caller = *connection;
    const auto shaken = co_await caller.handshake(TlsSession::server(tls.get()), deadline, false);
    if (std::holds_alternative<HarnessStalled>(shaken))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    if (const auto* local = std::get_if<LocalTrouble>(&shaken)) co_return trouble(*local);
    if (const auto* refused = std::get_if<TlsRefused>(&shaken)) {
      caller.hang_up();
      co_return judge_refused(session, *refused);
    }
    session.add(std::move(connection));
    if (outcome_ == Outcome::kConnected) co_return Passed{};
    if (outcome_ == Outcome::kDistrusted) co_return co_await judge_silence(caller, deadline);
    co_return failed("AcceptOutcome", "expected TLS to fail, but it was established", "tls_failed",
                     "connected");
  }

  StepOutcome judge_refused(Session& session, const TlsRefused& refused) const {
    session.recorder().add(name_, Noted{fmt::format("TLS failed: {}", refused.reason)});
    if (refused.timed_out) {
      return failed("Timeout", fmt::format("expected {}, but {}", wanted(), refused.reason),
                    wanted(), refused.reason);
    }
    if (outcome_ != Outcome::kConnected) return Passed{};
    return failed("AcceptOutcome",
                  fmt::format("expected TLS to be established, but {}", refused.reason),
                  "connected", fmt::format("tls_failed ({})", refused.reason));
  }

  /// Of the handshake: a silence is neither of its ends.
  std::string wanted() const {
    return outcome_ == Outcome::kConnected ? "TLS to be established" : "the client to refuse TLS";
  }

  /// Many clients look at the certificate only when the handshake is over.
  static Task<StepOutcome> judge_silence(Connection& caller, Deadline deadline) {
    const auto arrival = co_await caller.arrival(deadline);
    const bool ended =
        std::holds_alternative<Ending>(arrival) || std::holds_alternative<TlsBroken>(arrival);
    if (ended) co_return Passed{};
    if (!std::holds_alternative<DataArrived>(arrival))
      co_return unexpected(arrival, "the client to end the connection", deadline);
    const auto size = caller.received().size();
    caller.ignore_rest();
    co_return failed("AcceptOutcome",
                     fmt::format("expected the client to refuse the certificate, but it said {}",
                                 plural(size, "octet")),
                     "distrusted", "connected");
  }

  std::string name_;
  std::string on_;
  Outcome outcome_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_accept(StepReader& reader) {
  if (reader.text_or("outcome", "connected") != "connected")
    reader.scope().end(reader.name("accept"));
  reader.scope().lead_elsewhere(reader.name("accept"));
  return std::make_shared<Accept>(reader);
}

constexpr std::array kFields{
    Field{"accept", FieldType::kNewConnection, "a name for the connection", true},
    Field{"on", FieldType::kListener, "the listener", true},
    Field{"outcome", FieldType::kChoice,
          "of a listener over TLS: \"connected\" by default; \"tls_failed\"; \"distrusted\": TLS "
          "fails, or the client ends the connection without having said anything",
          false, kOutcomes},
};

}  // namespace

extern const StepSpec kAccept{.verb = "accept",
                              .summary =
                                  "Takes one connection from a listener of the harness, and shakes "
                                  "hands where that speaks TLS.",
                              .fields = kFields,
                              .needs = "",
                              .example = R"({ "accept": "caller", "on": "desk" })",
                              .parse = parse_accept};

}  // namespace dialtone
