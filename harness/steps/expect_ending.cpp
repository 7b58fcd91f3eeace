#include "harness/steps/expect_ending.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "harness/model/duration.hpp"
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

/// TLS ended, and TCP did not: many servers wait for our close_notify before their FIN.
void add_close_notify(StepOutcome& outcome, const Arrival& arrival, const Connection& connection) {
  auto* failure = std::get_if<Failed>(&outcome);
  const bool half_ended = std::holds_alternative<TimedOut>(arrival) &&
                          connection.tls() != nullptr && connection.tls()->has_close_notify();
  if (failure == nullptr || !half_ended) return;
  failure->problem.message +=
      "; close_notify had come, but no FIN: the peer may wait for ours ('shutdown')";
}

/// A reset would have done, had the session ended before it.
void add_missing_close_notify(StepOutcome& outcome, const Arrival& arrival,
                              const Connection& connection) {
  auto* failure = std::get_if<Failed>(&outcome);
  const auto* ending = std::get_if<Ending>(&arrival);
  const bool is_reset = ending != nullptr && *ending == Ending::kReset;
  if (failure == nullptr || !is_reset || connection.tls() == nullptr) return;
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
        within_(read_within(reader)) {
    if (reader.has("after_fin")) after_fin_ = reader.duration("after_fin", {});
  }

  Task<StepOutcome> run(Session& session) const override {
    const auto deadline = session.deadline(within_);
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
    while (true) {
      if (ignore_data_ || connection.ignores_rest()) connection.received().clear();
      if (!connection.received().empty()) {
        co_return unexpected_octets(connection.received(), wanted_text(wanted_),
                                    session.scenario().encoding);
      }
      const auto arrival = co_await connection.arrival(deadline);
      if (std::holds_alternative<DataArrived>(arrival)) continue;
      if (is_right(arrival, connection)) co_return co_await watch_after_fin(session, connection);
      auto outcome = unexpected(arrival, wanted_text(wanted_), deadline);
      add_close_notify(outcome, arrival, connection);
      if (or_reset_) add_missing_close_notify(outcome, arrival, connection);
      co_return outcome;
    }
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
  Task<StepOutcome> watch_after_fin(Session& session, Connection& connection) const {
    if (!after_fin_) co_return Passed{};
    if (connection.has_shut_down() && !connection.has_later_reset()) {
      co_return impossible("NotObservable",
                           "our own direction had ended too: no reset is seen after that, so that "
                           "'after_fin' can say nothing");
    }
    const auto deadline = session.deadline(after_fin_);
    const bool reset = co_await connection.later_reset(deadline.at());
    if (!reset) co_return Passed{};
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
};

}  // namespace

std::shared_ptr<const Step> parse_expect_ending(StepReader& reader, std::string_view field,
                                                Ending wanted) {
  return std::make_shared<ExpectEnding>(reader, field, wanted);
}

}  // namespace dialtone
