#include "harness/steps/expect_ending.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "harness/model/duration.hpp"
#include "harness/net/arrival_time.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

std::string_view wanted_text(Ending wanted) {
  if (wanted == Ending::kTruncated) return "the peer to end with FIN without TLS's close_notify";
  return wanted == Ending::kFin ? "the peer to end with FIN (recv returns 0 octets)"
                                : "the peer to reset the connection";
}

// A peer that ends TLS and does not wait for our close_notify is about to send FIN: ours would find
// its socket closed, or be left unread there, and RST would follow or take the place of FIN.
constexpr Duration kFinGrace = std::chrono::milliseconds(200);

// Servers count their limits in coarse ticks, so that one may end a part of a tick too soon: this
// part of 'not_before' is let go, a twentieth.
constexpr int kTolerance = 20;

/// TLS ended, and TCP did not.
void add_close_notify(StepOutcome& outcome, const Arrival& arrival, const Connection& connection) {
  auto* failure = std::get_if<Failed>(&outcome);
  const bool half_ended = std::holds_alternative<TimedOut>(arrival) &&
                          connection.tls() != nullptr && connection.tls()->has_close_notify();
  if (failure == nullptr || !half_ended) return;
  failure->problem.message +=
      connection.tls()->has_sent_close_notify()
          ? "; close_notify had come, and so had ours gone, but no FIN came"
          : "; close_notify had come, but no FIN: the peer may wait for ours ('shutdown')";
}

/// We said more after the peer's close_notify: a close with that unread is no fault of its.
Impossible unclear_reset() {
  return impossible(
      "NotObservable",
      "the peer sent close_notify, then RST; ours had gone meanwhile, as no FIN came: "
      "a close that left it unread may be all there is to it");
}

bool is_reset(const Arrival& arrival) {
  const auto* ending = std::get_if<Ending>(&arrival);
  return ending != nullptr && *ending == Ending::kReset;
}

std::string describe_ending(const Arrival& arrival) {
  const auto* ending = std::get_if<Ending>(&arrival);
  return describe(ending == nullptr ? Ending::kTlsFailed : *ending);
}

/// A reset would have done, had the session ended before it.
void add_missing_close_notify(StepOutcome& outcome, const Arrival& arrival,
                              const Connection& connection) {
  auto* failure = std::get_if<Failed>(&outcome);
  if (failure == nullptr || !is_reset(arrival) || connection.tls() == nullptr) return;
  failure->problem.message += "; no close_notify had come before it";
}

class ExpectEnding : public Step {
 public:
  ExpectEnding(StepReader& reader, std::string_view field, Ending wanted)
      : on_(reader.connections(field)),
        wanted_(reader.flag("truncated") ? Ending::kTruncated : wanted),
        ignore_data_(reader.flag("ignore_data")),
        or_reset_(reader.flag("or_reset")),
        any_ending_(reader.flag("any_ending")),
        within_(read_within(reader)),
        since_connect_(reader.text_or("since", "last_octets") == "connect") {
    if (reader.has("after_fin")) after_fin_ = reader.duration("after_fin", {});
    if (reader.has("not_before")) not_before_ = reader.duration("not_before", {});
  }

  Task<StepOutcome> run(Session& session) const override {
    const auto deadline = session.deadline(within_.value_or(session.scenario().timeout) +
                                           not_before_.value_or(Duration::zero()));
    for (const auto& name : on_) {
      auto outcome = co_await await(session, session.connection(name), deadline);
      if (!std::holds_alternative<Passed>(outcome)) {
        if (on_.size() > 1) name_connection(outcome, name);
        co_return outcome;
      }
    }
    co_return Passed{};
  }

 private:
  Task<StepOutcome> await(Session& session, Connection& connection, Deadline deadline) const {
    bool answered = false;
    while (true) {
      if (ignore_data_ || connection.ignores_rest()) connection.received().clear();
      if (!connection.received().empty()) {
        co_return unexpected_octets(connection.received(), wanted_text(wanted_),
                                    session.scenario().encoding);
      }
      const auto arrival = co_await next(session, connection, deadline, answered);
      if (std::holds_alternative<DataArrived>(arrival)) continue;
      if (is_right(arrival, connection)) {
        if (auto early = too_early(session, connection, arrival)) co_return std::move(*early);
        co_return co_await watch_after_fin(session, connection, answered);
      }
      co_return wrong(arrival, connection, deadline, answered);
    }
  }

  StepOutcome wrong(const Arrival& arrival, const Connection& connection, const Deadline& deadline,
                    bool answered) const {
    if (answered && is_reset(arrival)) return unclear_reset();
    auto outcome = unexpected(arrival, wanted_text(wanted_), deadline);
    add_close_notify(outcome, arrival, connection);
    if (or_reset_) add_missing_close_notify(outcome, arrival, connection);
    return outcome;
  }

  /// Answers a close_notify that no FIN has followed for a while.
  Task<Arrival> next(Session& session, Connection& connection, Deadline deadline,
                     bool& answered) const {
    const bool answers = connection.tls() != nullptr && wanted_ == Ending::kFin && !answered;
    while (answers) {
      const bool is_due = connection.may_answer_close_notify();
      const auto grace = session.deadline(kFinGrace);
      if (grace.at() >= deadline.at()) break;
      const auto arrival = co_await connection.arrival(grace);
      const bool in_vain = std::holds_alternative<TimedOut>(arrival);
      if (!in_vain && !std::holds_alternative<HarnessStalled>(arrival)) co_return arrival;
      if (!in_vain || !is_due) continue;
      connection.answer_close_notify();
      answered = true;
      break;
    }
    auto arrival = co_await connection.arrival(deadline);
    // Where the end of the grace found it, it is not held against the deadline yet.
    if (std::holds_alternative<Ending>(arrival) && connection.ended_late(deadline))
      arrival = HarnessStalled{deadline.stalled(session.loop())};
    co_return arrival;
  }

  /// What it is that the ending came before `not_before_`; nullopt where it did not. A clock of
  /// idle time cannot have begun before our last octets went, nor any before the connect. A scale
  /// that makes deadlines longer does not make this longer: the peer does not know it.
  std::optional<StepOutcome> too_early(Session& session, const Connection& connection,
                                       const Arrival& arrival) const {
    if (!not_before_) return std::nullopt;
    const auto begin = since_connect_ ? connection.made_at() : connection.last_sent();
    const auto passed = connection.ended_at() - begin;
    const auto least = std::min(*not_before_, session.budget(not_before_));
    if (passed + kKernelTick >= least - least / kTolerance) return std::nullopt;
    const auto wanted = fmt::format("no ending before {}", format_duration(least));
    const auto actual = fmt::format("{} {} after {}", describe_ending(arrival), humanize(passed),
                                    since_connect_ ? "the connection was made" : "our last octets");
    return failed("TooEarly", fmt::format("expected {}, but {}", wanted, actual), wanted, actual);
  }

  bool is_right(const Arrival& arrival, const Connection& connection) const {
    if (any_ending_ && std::holds_alternative<TlsBroken>(arrival)) return true;
    const auto* ending = std::get_if<Ending>(&arrival);
    if (ending == nullptr) return false;
    if (any_ending_) return *ending != Ending::kTimeout;  // the kernel gave it up, not the peer
    if (*ending == wanted_) return true;
    const bool is_whole = connection.tls() == nullptr || connection.tls()->has_close_notify();
    return or_reset_ && *ending == Ending::kReset && is_whole;
  }

  /// The kernel keeps the reset until it is looked for, so that a stall of ours hides none.
  Task<StepOutcome> watch_after_fin(Session& session, Connection& connection, bool answered) const {
    if (!after_fin_) co_return Passed{};
    if (connection.has_shut_down() && !connection.has_later_reset()) {
      co_return impossible("NotObservable",
                           "our own direction had ended too: no reset is seen after that, so that "
                           "'after_fin' can say nothing");
    }
    const auto deadline = session.deadline(after_fin_);
    const bool reset = co_await connection.later_reset(deadline.at());
    if (!reset) co_return Passed{};
    if (answered) co_return unclear_reset();
    const auto wanted = fmt::format("nothing but FIN for {}", format_duration(deadline.budget()));
    co_return failed("ResetAfterFin",
                     fmt::format("expected {}, but the peer reset the connection after its FIN: a "
                                 "close with unread octets usually does this",
                                 wanted),
                     wanted, "FIN, later reset");
  }

  std::vector<std::string> on_;
  Ending wanted_;
  bool ignore_data_;
  bool or_reset_;
  bool any_ending_;
  std::optional<Duration> within_;
  std::optional<Duration> after_fin_;
  std::optional<Duration> not_before_;
  bool since_connect_;
};

}  // namespace

std::shared_ptr<const Step> parse_expect_ending(StepReader& reader, std::string_view field,
                                                Ending wanted) {
  return std::make_shared<ExpectEnding>(reader, field, wanted);
}

}  // namespace dialtone
