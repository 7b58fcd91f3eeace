#include <fmt/format.h>

#include <utility>

#include "harness/steps/octet_watch.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {

std::optional<StepOutcome> StreamWatch::judge(const WatchedFor& wanted) {
  auto expectation = wanted.expectation;
  expectation.seen = seen_;
  const auto result = match(expectation, connection_->received());
  seen_ = connection_->received().size();
  if (const auto* matched = std::get_if<Matched>(&result)) return accept(wanted, *matched);
  if (const auto* wrong = std::get_if<Mismatch>(&result))
    return mismatch(wanted.expectation, *wrong);
  return std::nullopt;
}

std::optional<StepOutcome> StreamWatch::take(Arrival arrival, const WatchedFor& wanted,
                                             const Deadline& deadline) {
  if (std::holds_alternative<DataArrived>(arrival)) return std::nullopt;
  const auto* ending = std::get_if<Ending>(&arrival);
  if (ending != nullptr && *ending == Ending::kFin) {
    auto at_the_end = wanted;
    at_the_end.expectation.ended = true;
    if (auto judged = judge(at_the_end)) return judged;
  }
  return missing(wanted.expectation, arrival, deadline);
}

Passed StreamWatch::accept(const WatchedFor& wanted, const Matched& matched) {
  if (!wanted.capture->empty()) session_->set_variable(*wanted.capture, matched.captured);
  connection_->received().erase(0, matched.consumed);
  if (std::holds_alternative<PrefixMatch>(*wanted.expectation.matcher)) {
    connection_->ignore_rest();
  }
  return {};
}

Failed StreamWatch::mismatch(const Expectation& expectation, const Mismatch& wrong) const {
  auto message = wrong.reason.empty()
                     ? fmt::format("octets differ at offset {}", wrong.offset)
                     : fmt::format("expected {}, but {} (offset {})", describe(expectation),
                                   wrong.reason, wrong.offset);
  auto result = failed("ExpectMismatch", std::move(message), describe(expectation));
  result.problem.actual = fmt::format("{} octets, the first wrong one at offset {}",
                                      connection_->received().size(), wrong.offset);
  compare(result.problem, expectation, wrong.offset);
  return result;
}

StepOutcome StreamWatch::missing(const Expectation& expectation, const Arrival& arrival,
                                 const Deadline& deadline) const {
  const auto& received = connection_->received();
  auto outcome = unexpected(arrival, describe(expectation, received), deadline);
  auto* failure = std::get_if<Failed>(&outcome);
  if (failure != nullptr && !received.empty()) {
    failure->problem.message += fmt::format("; {} octets had come", received.size());
    compare(failure->problem, expectation, received.size());
  }
  return outcome;
}

void StreamWatch::compare(Problem& problem, const Expectation& expectation,
                          std::size_t offset) const {
  problem.bytes = ByteComparison{known_octets(expectation), connection_->received(), offset,
                                 expectation.encoding};
}

}  // namespace dialtone
