#include <fmt/format.h>

#include <array>
#include <vector>

#include "harness/model/matcher.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/expectation.hpp"
#include "harness/steps/median.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/send_pieces.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr int kMost = 1000;

class RoundTrips : public Step {
 public:
  explicit RoundTrips(StepReader& reader)
      : rounds_(reader.integer("round_trips", kFewestForMedian)),
        request_(reader.payload("request")),
        reply_(reader, "reply"),
        on_(reader.connection("on")),
        median_(reader.duration("median", {})),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto octets = session.octets(request_);
    if (const auto* problem = std::get_if<Impossible>(&octets)) co_return *problem;
    const auto deadline = session.deadline(within_);
    auto& connection = session.connection(on_);
    std::vector<TimedWait> waits;
    for (int round = 0; round < rounds_; ++round) {
      const Deadline round_trip(session.loop(), deadline.budget());
      const auto sent = co_await connection.send(std::get<Bytes>(octets), deadline);
      auto outcome = judge_delivery(sent, deadline);
      if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
      outcome = co_await reply_.await(session, connection, deadline);
      if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
      waits.push_back({round_trip.elapsed(), round_trip.stalled(session.loop())});
    }
    co_return judge_median(session, waits, session.budget(median_), "round trips");
  }

 private:
  int rounds_;
  Payload request_;
  ExpectedOctets reply_;
  std::string on_;
  Duration median_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_round_trips(StepReader& reader) {
  const int rounds = reader.integer("round_trips", kFewestForMedian);
  if (rounds < kFewestForMedian || rounds > kMost)
    reader.report("round_trips",
                  fmt::format("'round_trips' must be between {} and {}", kFewestForMedian, kMost));
  return std::make_shared<RoundTrips>(reader);
}

constexpr std::array kFields{
    Field{"round_trips", FieldType::kInteger, "how many, one after another", true},
    Field{"request", FieldType::kPayload, "the request", true},
    Field{"reply", FieldType::kMatcher, "the reply", true},
    Field{"median", FieldType::kDuration, "the median round trip takes no longer", true},
    Field{"on", FieldType::kConnection, "the connection; the only one by default"},
};

}  // namespace

extern const StepSpec kRoundTrips{
    .verb = "round_trips",
    .summary = "Asks again and again, and judges how long the median round trip takes.",
    .fields = kFields,
    .needs = "",
    .example =
        R"({ "round_trips": 21, "request": "ping\n", "reply": "pong\n", "median": "30ms", "on": "c" })",
    .parse = parse_round_trips};

}  // namespace dialtone
