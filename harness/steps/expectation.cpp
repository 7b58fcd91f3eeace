#include "harness/steps/expectation.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {

ExpectedOctets::ExpectedOctets(StepReader& reader, std::string_view field, std::string capture)
    : matcher_(reader.matcher(field)), capture_(std::move(capture)), encoding_(reader.encoding()) {}

Task<StepOutcome> ExpectedOctets::await(Session& session, Connection& connection,
                                        Deadline deadline) const {
  Bytes storage;
  const auto* octets = octets_of_matcher(session, storage);
  if (octets == nullptr)
    co_return impossible("NoValue", "the expected octets need a variable that has no value");
  Expectation expectation{&matcher_, *octets, encoding_};
  while (true) {
    const auto result = match(expectation, connection.received());
    expectation.seen = connection.received().size();
    if (const auto* matched = std::get_if<Matched>(&result))
      co_return accept(session, connection, *matched);
    if (const auto* wrong = std::get_if<Mismatch>(&result))
      co_return mismatch(expectation, connection, *wrong);
    const auto arrival = co_await connection.arrival(deadline);
    if (!std::holds_alternative<DataArrived>(arrival))
      co_return missing(expectation, connection, arrival, deadline);
  }
}

/// nullptr where a variable has no value.
const Bytes* ExpectedOctets::octets_of_matcher(Session& session, Bytes& storage) const {
  const auto* payload = payload_of(matcher_);
  if (payload == nullptr) return &storage;
  if (const auto* constant = payload->constant()) return constant;
  auto octets = session.octets(*payload);
  if (std::holds_alternative<Impossible>(octets)) return nullptr;
  storage = std::move(std::get<Bytes>(octets));
  return &storage;
}

Passed ExpectedOctets::accept(Session& session, Connection& connection,
                              const Matched& matched) const {
  if (!capture_.empty()) session.set_variable(capture_, matched.captured);
  connection.received().erase(0, matched.consumed);
  if (std::holds_alternative<PrefixMatch>(matcher_)) {
    connection.ignore_rest();
  }
  return {};
}

Failed ExpectedOctets::mismatch(const Expectation& expectation, Connection& connection,
                                const Mismatch& wrong) const {
  auto result = failed("ExpectMismatch", fmt::format("octets differ at offset {}", wrong.offset),
                       describe(expectation));
  result.problem.actual = fmt::format("{} octets, the first wrong one at offset {}",
                                      connection.received().size(), wrong.offset);
  compare(result.problem, expectation, connection, wrong.offset);
  return result;
}

StepOutcome ExpectedOctets::missing(const Expectation& expectation, Connection& connection,
                                    const Arrival& arrival, const Deadline& deadline) const {
  auto outcome = unexpected(arrival, describe(expectation), deadline);
  auto* failure = std::get_if<Failed>(&outcome);
  if (failure != nullptr && !connection.received().empty()) {
    failure->problem.message += fmt::format("; {} octets had come", connection.received().size());
    compare(failure->problem, expectation, connection, connection.received().size());
  }
  return outcome;
}

void ExpectedOctets::compare(Problem& problem, const Expectation& expectation,
                             Connection& connection, std::size_t offset) const {
  problem.bytes =
      ByteComparison{Bytes(expectation.octets), connection.received(), offset, encoding_};
}

}  // namespace dialtone
