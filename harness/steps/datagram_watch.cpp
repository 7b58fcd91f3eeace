#include <fmt/format.h>

#include <utility>

#include "harness/steps/octet_watch.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {
namespace {

/// The place of the first octet that is wrong, missing or too much; nullopt where it matches.
std::optional<std::size_t> wrong_at(const MatchResult& result, const Matcher& matcher,
                                    ByteView octets) {
  if (const auto* wrong = std::get_if<Mismatch>(&result)) return wrong->offset;
  const auto* matched = std::get_if<Matched>(&result);
  if (matched == nullptr) return octets.size();
  if (takes_all(matcher) && matched->consumed != octets.size()) return matched->consumed;
  return std::nullopt;
}

}  // namespace

std::optional<StepOutcome> DatagramWatch::judge(const WatchedFor& wanted) {
  if (!came_) return std::nullopt;
  const auto datagram = *std::exchange(came_, std::nullopt);
  auto outcome = judge(wanted, datagram);
  const bool other =
      !std::holds_alternative<Passed>(outcome) && (pass_over_ || socket_->is_late(datagram));
  return other ? std::nullopt : std::optional(std::move(outcome));
}

std::optional<StepOutcome> DatagramWatch::take(DatagramArrival arrival, const WatchedFor& wanted,
                                               const Deadline& deadline) {
  auto* datagram = std::get_if<Datagram>(&arrival);
  if (datagram == nullptr)
    return unexpected(arrival, fmt::format("a datagram of {}", describe(wanted.expectation)),
                      deadline);
  came_ = std::move(*datagram);
  return std::nullopt;
}

Failed DatagramWatch::wrong_source(const Datagram& datagram) const {
  const auto from = datagram.from.to_string();
  const auto peer = socket_->peer().to_string();
  return failed("WrongSource",
                fmt::format("expected a datagram from {}, but one of {} octets came from {}", peer,
                            datagram.octets.size(), from),
                peer, from);
}

StepOutcome DatagramWatch::judge(const WatchedFor& wanted, const Datagram& datagram) {
  if (!socket_->is_from_peer(datagram)) return wrong_source(datagram);
  auto expectation = wanted.expectation;
  expectation.ended = true;
  expectation.body = BodyPart::kWhole;
  const auto result = match(expectation, datagram.octets);
  const auto wrong = wrong_at(result, *expectation.matcher, datagram.octets);
  if (!wrong) {
    if (!wanted.capture->empty())
      session_->set_variable(*wanted.capture, std::get<Matched>(result).captured);
    return Passed{};
  }
  auto outcome =
      failed("ExpectMismatch",
             fmt::format(
                 "expected a datagram of {}, but one of {} octets came, which differs at offset {}",
                 describe(expectation), datagram.octets.size(), *wrong),
             describe(expectation), fmt::format("a datagram of {} octets", datagram.octets.size()));
  outcome.problem.bytes =
      ByteComparison{known_octets(expectation), datagram.octets, *wrong, expectation.encoding};
  return outcome;
}

}  // namespace dialtone
