#include <array>
#include <string>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/send_datagram.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 2> kCalls{"recv", "send"};
constexpr std::string_view kWanted =
    "the next call to fail with ECONNREFUSED (ICMP port unreachable)";

class ExpectRefused : public Step {
 public:
  explicit ExpectRefused(StepReader& reader)
      : on_(reader.connection("expect_refused")),
        by_send_(reader.text_or("by", "recv") == "send"),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto deadline = session.deadline(within_);
    auto& socket = session.datagrams(on_);
    if (by_send_) co_return co_await told_by_send(session, socket, deadline);
    const auto arrival = co_await socket.arrival(deadline);
    if (const auto* datagram = std::get_if<Datagram>(&arrival))
      co_return unexpected_octets(datagram->octets, kWanted, session.scenario().encoding);
    if (!std::holds_alternative<PortUnreachable>(arrival))
      co_return unexpected(arrival, kWanted, deadline);
    co_return Passed{};
  }

 private:
  /// Waits until the kernel has it to tell. The send that is told does not send.
  static Task<StepOutcome> told_by_send(Session& session, DatagramSocket& socket,
                                        Deadline deadline) {
    const bool told = co_await session.poll(deadline, [&] { return socket.has_refusal(); });
    if (!told) {
      const auto late = deadline.spoilt(session.loop())
                            ? DatagramArrival(HarnessStalled{deadline.stalled(session.loop())})
                            : DatagramArrival(TimedOut{});
      co_return unexpected(late, kWanted, deadline);
    }
    const auto delivery = co_await socket.send({}, deadline);
    co_return judge_refused_send(delivery, kWanted, deadline);
  }

  std::string on_;
  bool by_send_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_expect_refused(StepReader& reader) {
  return std::make_shared<ExpectRefused>(reader);
}

constexpr std::array kFields{
    Field{"expect_refused", FieldType::kConnection,
          "the connected UDP socket, or true for the only one", true},
    Field{"by", FieldType::kChoice, "which call is told; \"recv\" by default", false, kCalls},
};

}  // namespace

extern const StepSpec kExpectRefused{
    .verb = "expect_refused",
    .summary =
        "UDP: nobody has the port that was sent to. One call on a connected socket fails with "
        "ECONNREFUSED; those after it go on.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "expect_refused": "u" })",
    .parse = parse_expect_refused,
    .links = Links::kDatagrams};

}  // namespace dialtone
