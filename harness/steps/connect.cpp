#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "harness/model/event.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/net/dial.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kLongestAlpn = 255;  // octets, RFC 7301 section 3.1
constexpr Duration kRetryPause = std::chrono::milliseconds(50);
constexpr int kMostAtOnce =
    1000;  // unaccepted connects beyond that overflow queues and say nothing of the server

constexpr std::array<std::string_view, 2> kTransports{"tcp", "udp"};
constexpr std::array<std::string_view, 6> kOutcomes{"connected",   "refused", "timeout",
                                                    "unreachable", "reset",   "tls_failed"};

/// Of a connect to an address of its own, TLS is spoken only where the step asks for it.
enum class Security { kByDefault, kPlain, kTls };

Security read_security(const StepReader& reader) {
  if (!reader.has("tls")) return Security::kByDefault;
  return reader.flag("tls") ? Security::kTls : Security::kPlain;
}

constexpr std::array<std::string_view, 4> kVersions{"1.0", "1.1", "1.2", "1.3"};
constexpr std::array<std::string_view, 2> kCertificates{"none", "stranger"};

using Shown = TlsSession::ClientOptions::Shown;

Shown read_shown(const StepReader& reader) {
  const auto written = reader.text_or("certificate", "");
  if (written == "none") return Shown::kNone;
  return written == "stranger" ? Shown::kStranger : Shown::kOwn;
}

std::string show(const NotConnected& failure) {
  return describe_failure(failure.outcome, failure.error, failure.reason);
}

class Connect : public Step {
 public:
  explicit Connect(StepReader& reader)
      : name_(reader.name("connect")),
        to_target_(!reader.has("to")),
        to_(reader.text("to", "")),
        from_(reader.text("from", "")),
        outcome_(find_connect_outcome(reader.text_or("outcome", "connected"))
                     .value_or(ConnectOutcome::kConnected)),
        over_udp_(reader.text_or("over", "tcp") == "udp"),
        unconnected_(reader.flag("unconnected")),
        security_(read_security(reader)),
        server_name_(reader.text("server_name", "")),
        alpn_(reader.text_or("alpn", "")),
        alpn_is_unknown_(reader.flag("alpn_unknown")),
        version_(reader.text_or("tls_version", "")),
        shown_(read_shown(reader)),
        receive_buffer_(reader.integer("receive_buffer", 0)),
        count_(reader.has("count") ? reader.integer("count", 1) : 0),
        retry_(reader.flag("retry")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    DialOptions options;
    auto wrong = resolve(session, options);
    if (wrong) co_return std::move(*wrong);
    if (over_udp_) co_return open_datagrams(session, options);
    if (count_ == 0) {
      options.name = name_;
      co_return co_await connect_one(session, options);
    }
    for (int i = 1; i <= count_; ++i) {
      options.name = fmt::format("{}.{}", name_, i);
      auto outcome = co_await connect_one(session, options);
      if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
    }
    co_return Passed{};
  }

  int descriptors() const override { return 2 * std::max(count_, 1); }

 private:
  std::optional<StepOutcome> resolve(Session& session, DialOptions& options) const {
    options.to = session.endpoint().address();
    options.receive_buffer = receive_buffer_;
    options.sit_out_stalls = outcome_ == ConnectOutcome::kTimeout;
    if (!to_target_) {
      const auto to = session.address(to_);
      if (const auto* problem = std::get_if<Impossible>(&to)) return *problem;
      options.to = std::get<SocketAddress>(to);
    }
    if (!over_udp_) {
      if (auto problem = secure(session, options)) return problem;
    }
    if (from_.empty()) return std::nullopt;
    const auto from = session.address(from_);
    if (const auto* problem = std::get_if<Impossible>(&from)) return *problem;
    options.from = std::get<SocketAddress>(from);
    return std::nullopt;
  }

  StepOutcome open_datagrams(Session& session, const DialOptions& options) const {
    auto dialed = dial_datagrams(session.loop(), session.recorder(),
                                 {name_, options.to, options.from, !unconnected_});
    if (const auto* local = std::get_if<LocalTrouble>(&dialed)) return trouble(*local);
    session.add(std::move(std::get<std::unique_ptr<DatagramSocket>>(dialed)));
    return Passed{};
  }

  std::optional<StepOutcome> secure(Session& session, DialOptions& options) const {
    const auto* transport = session.tls();
    const bool wanted = security_ == Security::kTls ||
                        (security_ == Security::kByDefault && to_target_ && transport != nullptr);
    if (!wanted) return std::nullopt;
    if (transport == nullptr)
      return impossible("NoTls", "the target's profile does not say how to speak TLS ('tls')");
    options.tls = transport->context;
    options.tls_options = {transport->server_name, alpn_, version_, shown_};
    options.await_tls_verdict = outcome_ == ConnectOutcome::kTlsFailed;
    if (server_name_.empty()) return std::nullopt;
    auto name = session.text(server_name_);
    if (const auto* problem = std::get_if<Impossible>(&name)) return *problem;
    options.tls_options.server_name = std::move(std::get<std::string>(name));
    return std::nullopt;
  }

  /// Where no table shows that a listener is gone, a connect that comes before that succeeds.
  Task<StepOutcome> connect_one(Session& session, const DialOptions& options) const {
    const auto deadline = session.deadline(within_);
    std::optional<StepOutcome> earlier;
    while (true) {
      auto outcome = co_await connect_once(session, options, deadline);
      if (!retry_ || !std::holds_alternative<Failed>(outcome)) co_return outcome;
      if (deadline.has_passed() && deadline.spoilt(session.loop()))
        co_return stalled({deadline.stalled(session.loop())}, deadline);
      // The last one had no time for more than a time-out.
      if (deadline.has_passed()) co_return earlier.value_or(std::move(outcome));
      earlier = std::move(outcome);
      if (session.has_connection(options.name)) session.connection(options.name).close();
      co_await session.loop().sleep_until(std::min(deadline.at(), Clock::now() + kRetryPause));
    }
  }

  Task<StepOutcome> connect_once(Session& session, const DialOptions& options,
                                 Deadline deadline) const {
    auto dialed = co_await dial(session.loop(), session.recorder(), options, deadline);
    if (auto* connection = std::get_if<std::unique_ptr<Connection>>(&dialed)) {
      co_return judge_connected(session, std::move(*connection));
    }
    if (const auto* failure = std::get_if<NotConnected>(&dialed))
      co_return judge(options, *failure);
    if (const auto* local = std::get_if<LocalTrouble>(&dialed)) co_return trouble(*local);
    co_return stalled(std::get<HarnessStalled>(dialed), deadline);
  }

  StepOutcome judge_connected(Session& session, std::unique_ptr<Connection> connection) const {
    const auto peer = connection->peer().to_string();
    const auto agreed = connection->tls() == nullptr ? std::string() : connection->tls()->alpn();
    if (alpn_is_unknown_) connection->close();  // a server may serve one client at a time
    session.add(std::move(connection));
    if (alpn_is_unknown_ && !agreed.empty()) {
      const auto what = fmt::format("'{}'", printable(agreed));
      return failed("AlpnMismatch",
                    fmt::format("expected no agreement on ALPN, but it was {}", what),
                    "no protocol", what);
    }
    if (alpn_is_unknown_) return Passed{};
    if (outcome_ == ConnectOutcome::kConnected && agreed != alpn_ && !alpn_.empty()) {
      const auto what = agreed.empty() ? "no protocol" : fmt::format("'{}'", printable(agreed));
      return failed("AlpnMismatch",
                    fmt::format("expected ALPN to agree on '{}', but it was {}", alpn_, what),
                    alpn_, what);
    }
    if (outcome_ == ConnectOutcome::kConnected) return Passed{};
    return failed("ConnectOutcome",
                  fmt::format("expected the connect to {} to be {}, but it succeeded", peer,
                              name_of(outcome_)),
                  std::string(name_of(outcome_)), "connected");
  }

  StepOutcome judge(const DialOptions& options, const NotConnected& failure) const {
    const bool refused = alpn_is_unknown_ && failure.outcome == ConnectOutcome::kTlsFailed;
    if (failure.outcome == outcome_ || refused) return Passed{};
    return failed("ConnectOutcome",
                  fmt::format("expected the connect to {} to be {}, but it was {}",
                              options.to.to_string(), name_of(outcome_), show(failure)),
                  std::string(name_of(outcome_)), show(failure));
  }

  std::string name_;
  bool to_target_;
  Template to_;
  Template from_;
  ConnectOutcome outcome_;
  bool over_udp_;
  bool unconnected_;
  Security security_;
  Template server_name_;
  std::string alpn_;
  bool alpn_is_unknown_;
  std::string version_;
  Shown shown_;
  int receive_buffer_;
  int count_;
  bool retry_;
  std::optional<Duration> within_;
};

void check_count(StepReader& reader, const std::string& name) {
  if (!reader.has("count")) return;
  const int count = reader.integer("count", 1);
  if (count < 1 || count > kMostAtOnce)
    reader.report("count", fmt::format("'count' must be between 1 and {}", kMostAtOnce));
  reader.scope().end(name);
  reader.scope().define_many(name, std::min(count, kMostAtOnce));
}

constexpr std::array kOfTls{"server_name", "alpn", "alpn_unknown", "tls_version", "certificate"};

void check_tls(StepReader& reader) {
  const bool plain = reader.has("tls") && !reader.flag("tls");
  for (const auto* field : kOfTls) {
    if (plain && reader.has(field))
      reader.report(field, fmt::format("without TLS there is no '{}'", field));
  }
  if (reader.has("alpn") && reader.text_or("alpn", "").size() > kLongestAlpn)
    reader.report("alpn", fmt::format("a protocol's name has 1 to {} octets", kLongestAlpn));
  if (reader.flag("alpn_unknown") && !reader.has("alpn"))
    reader.report("alpn_unknown", "'alpn_unknown' needs 'alpn'", R"("alpn": "no-such-protocol")");
  const bool tls = reader.flag("tls") || reader.text_or("outcome", "") == "tls_failed" ||
                   std::ranges::any_of(kOfTls, [&](const auto* each) { return reader.has(each); });
  if (tls && !plain) reader.need("tls");
}

void check_udp(StepReader& reader) {
  for (const auto* field : {"outcome", "count", "tls", "server_name", "alpn", "alpn_unknown",
                            "tls_version", "certificate", "receive_buffer", "retry"}) {
    if (reader.has(field))
      reader.report(field, fmt::format("'{}' is for TCP: a UDP socket's connect sends nothing, and "
                                       "learns nothing of the peer",
                                       field));
  }
}

std::shared_ptr<const Step> parse_connect(StepReader& reader) {
  const auto name = reader.name("connect");
  check_count(reader, name);
  const bool may_fail = reader.text_or("outcome", "connected") != "connected";
  if (may_fail || reader.flag("alpn_unknown")) reader.scope().end(name);
  if (reader.has("to")) reader.scope().lead_elsewhere(name);
  if (reader.text_or("over", "tcp") == "udp") {
    check_udp(reader);
    reader.scope().define(name, Scope::Kind::kDatagrams);
    return std::make_shared<Connect>(reader);
  }
  check_tls(reader);
  if (reader.flag("retry") && reader.text_or("outcome", "") != "refused")
    reader.report("retry", "'retry' is for \"outcome\": \"refused\"",
                  "a connect that must succeed at once, or fail otherwise, is not tried again");
  if (reader.has("unconnected"))
    reader.report("unconnected", "only a UDP socket can send without a connect",
                  R"("over": "udp")");
  return std::make_shared<Connect>(reader);
}

constexpr std::array kFields{
    Field{"connect", FieldType::kNewConnection, "the connection's name", true},
    Field{"to", FieldType::kAddress, "where to; the target's address by default"},
    Field{"from", FieldType::kAddress,
          "bound before the connect, as a client normally does not; port 0 takes a free one"},
    Field{"over", FieldType::kChoice, "\"tcp\" by default; \"udp\": a connected UDP socket", false,
          kTransports},
    Field{"unconnected", FieldType::kBoolean,
          "UDP: no connect(2); it sends by sendto, and hears everybody: a reply from another "
          "address "
          "than the target's is told apart"},
    Field{"outcome", FieldType::kChoice, "what must come of it; \"connected\" by default", false,
          kOutcomes},
    Field{"retry", FieldType::kBoolean,
          "with \"refused\": it is tried again until it is, or until the deadline, since a close "
          "and a connect race where no table of sockets shows the listener"},
    Field{"count", FieldType::kInteger,
          "that many connections, one after another, named \"NAME.1\", \"NAME.2\", ..."},
    Field{
        "receive_buffer", FieldType::kInteger,
        "SO_RCVBUF of the connection, in octets, set before the connect: a small one makes a slow "
        "reader felt"},
    Field{"tls", FieldType::kBoolean,
          "speak TLS as the profile says, or do not; by default to the target, if its profile has "
          "'tls'"},
    Field{"server_name", FieldType::kText,
          "the name for SNI that the certificate must hold; the profile's by default"},
    Field{"alpn", FieldType::kText, "the only protocol that is offered, and must be agreed on"},
    Field{"alpn_unknown", FieldType::kBoolean,
          "it must not be agreed on: TLS fails, or goes on without one"},
    Field{"tls_version", FieldType::kChoice, "the only version of TLS that is offered", false,
          kVersions},
    Field{"certificate", FieldType::kChoice,
          "of ours, in place of the profile's: \"none\", or one that a stranger issued to itself",
          false, kCertificates},
};

}  // namespace

extern const StepSpec kConnect{.verb = "connect",
                               .summary =
                                   "Connects, and judges what comes of it: connected, refused, "
                                   "timeout, unreachable, reset or tls_failed are never merged.",
                               .fields = kFields,
                               .needs = "",
                               .example = R"({ "connect": "late", "outcome": "refused" })",
                               .parse = parse_connect};

}  // namespace dialtone
