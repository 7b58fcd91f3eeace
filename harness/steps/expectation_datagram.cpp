#include <fmt/format.h>

#include <utility>

#include "harness/steps/expectation.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {
namespace {

/// Whether the matcher says what the whole datagram is; the others say what is in it.
bool takes_all(const Matcher& matcher) {
  return std::holds_alternative<ExactMatch>(matcher) ||
         std::holds_alternative<LengthMatch>(matcher) ||
         std::holds_alternative<SequenceMatch>(matcher);
}

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

StepOutcome ExpectedOctets::judge(Session& session, const Expectation& expectation,
                                  const DatagramSocket& socket, const Datagram& datagram) const {
  if (!socket.is_from_peer(datagram)) {
    const auto from = datagram.from.to_string();
    const auto peer = socket.peer().to_string();
    return failed("WrongSource",
                  fmt::format("expected a datagram from {}, but one of {} octets came from {}",
                              peer, datagram.octets.size(), from),
                  peer, from);
  }
  const auto result = match(expectation, datagram.octets);
  const auto wrong = wrong_at(result, matcher_, datagram.octets);
  if (!wrong) {
    if (!capture_.empty()) session.set_variable(capture_, std::get<Matched>(result).captured);
    return Passed{};
  }
  auto outcome =
      failed("ExpectMismatch",
             fmt::format(
                 "expected a datagram of {}, but one of {} octets came, which differs at offset {}",
                 describe(expectation), datagram.octets.size(), *wrong),
             describe(expectation), fmt::format("a datagram of {} octets", datagram.octets.size()));
  outcome.problem.bytes =
      ByteComparison{Bytes(expectation.octets), datagram.octets, *wrong, encoding_};
  return outcome;
}

Task<StepOutcome> ExpectedOctets::await(Session& session, DatagramSocket& socket, Deadline deadline,
                                        bool pass_over) const {
  Bytes storage;
  const auto* octets = octets_of_matcher(session, storage);
  if (octets == nullptr)
    co_return impossible("NoValue", "the expected octets need a variable that has no value");
  const Expectation expectation{&matcher_, *octets, encoding_};
  while (true) {
    const auto arrival = co_await socket.arrival(deadline);
    const auto* datagram = std::get_if<Datagram>(&arrival);
    if (datagram == nullptr)
      co_return unexpected(arrival, fmt::format("a datagram of {}", describe(expectation)),
                           deadline);
    auto outcome = judge(session, expectation, socket, *datagram);
    if (std::holds_alternative<Passed>(outcome)) co_return outcome;
    const bool other = pass_over || socket.is_late(*datagram);
    if (!other) co_return outcome;
  }
}

}  // namespace dialtone
