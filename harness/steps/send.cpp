#include <fmt/format.h>

#include <array>

#include "harness/model/duration.hpp"
#include "harness/model/errno_name.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

class Send : public Step {
 public:
  explicit Send(StepReader& reader)
      : payload_(reader.payload("send")),
        on_(reader.connection("on")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto octets = session.octets(payload_);
    if (const auto* problem = std::get_if<Impossible>(&octets)) co_return *problem;
    const auto deadline = session.deadline(within_);
    const auto delivery = co_await session.connection(on_).send(std::get<Bytes>(octets), deadline);
    co_return judge(delivery, deadline);
  }

 private:
  StepOutcome judge(const Delivery& delivery, const Deadline& deadline) const {
    if (std::holds_alternative<AllSent>(delivery)) return Passed{};
    if (const auto* stall = std::get_if<HarnessStalled>(&delivery))
      return stalled(*stall, deadline);
    if (const auto* local = std::get_if<LocalTrouble>(&delivery)) return trouble(*local);
    if (const auto* gone = std::get_if<PeerGone>(&delivery)) {
      return failed("SendFailed",
                    fmt::format("send failed with {}: the peer is gone", errno_name(gone->error)),
                    "the octets are taken", errno_name(gone->error));
    }
    const auto full = fmt::format("the peer did not take all octets within {}",
                                  format_duration(deadline.budget()));
    return failed("Timeout", full, "the octets are taken", full);
  }

  Payload payload_;
  std::string on_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_send(StepReader& reader) {
  return std::make_shared<Send>(reader);
}

constexpr std::array kFields{
    Field{"send", FieldType::kPayload, "the octets", true},
    Field{"on", FieldType::kConnection, "the connection; the only one by default"},
};

}  // namespace

extern const StepSpec kSend{.verb = "send",
                            .summary =
                                "Sends octets. That they were sent says nothing of the server: the "
                                "kernel takes them, read or not.",
                            .fields = kFields,
                            .needs = "",
                            .example = R"({ "send": "你在么?", "on": "c" })",
                            .parse = parse_send};

}  // namespace dialtone
