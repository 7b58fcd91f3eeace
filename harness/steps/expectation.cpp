#include "harness/steps/expectation.hpp"

#include <utility>

#include "harness/steps/octet_watch.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {
namespace {

Impossible no_value() {
  return impossible("NoValue", "the expected octets need a variable that has no value");
}

}  // namespace

ExpectedOctets::ExpectedOctets(StepReader& reader, std::string_view field, std::string capture)
    : matcher_(reader.matcher(field)), capture_(std::move(capture)) {}

Task<StepOutcome> ExpectedOctets::await(Session& session, Connection& connection,
                                        Deadline deadline) const {
  return await(session, StreamWatch(session, connection), deadline);
}

Task<StepOutcome> ExpectedOctets::await(Session& session, DatagramSocket& socket, Deadline deadline,
                                        bool pass_over) const {
  return await(session, DatagramWatch(session, socket, pass_over), deadline);
}

StepOutcome ExpectedOctets::judge(Session& session, DatagramSocket& socket,
                                  const Datagram& datagram) const {
  Bytes storage;
  const auto* octets = octets_of_matcher(session, storage);
  if (octets == nullptr) return no_value();
  return DatagramWatch(session, socket, false)
      .judge({{&matcher_, *octets, session.scenario().encoding}, &capture_}, datagram);
}

template <class Watch>
Task<StepOutcome> ExpectedOctets::await(Session& session, Watch watch, Deadline deadline) const {
  Bytes storage;
  const auto* octets = octets_of_matcher(session, storage);
  if (octets == nullptr) co_return no_value();
  const WatchedFor wanted{{&matcher_, *octets, session.scenario().encoding}, &capture_};
  while (true) {
    auto judged = watch.judge(wanted);
    const bool has_passed = judged && std::holds_alternative<Passed>(*judged);
    if (has_passed && watch.came_late(deadline))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    if (judged) co_return *std::move(judged);
    auto arrival = co_await watch.arrival(deadline);
    auto outcome = watch.take(std::move(arrival), wanted, deadline);
    if (outcome) co_return *std::move(outcome);
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

}  // namespace dialtone
