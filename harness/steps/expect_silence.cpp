#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

// What is missing of the window is watched again; where the harness hardly ever runs, that must end
// too.
constexpr int kMostWindows = 50;

// What the peer says, when it has heard us, is one round trip away, and may be sent again once.
constexpr int kFewestRoundTrips = 4;  // HAR-12

class ExpectSilence : public Step {
 public:
  explicit ExpectSilence(StepReader& reader)
      : window_(reader.duration("expect_silence", {})), on_(reader.connections("on")) {}

  Task<StepOutcome> run(Session& session) const override {
    auto& loop = session.loop();
    const Deadline whole(loop, window(session));
    const auto asked = session.deadline(window_);
    auto deadline = whole;
    for (int windows = 0; windows < kMostWindows; ++windows) {
      auto noise = co_await listen(session, deadline, whole.budget());
      // A limit of the server's may be shorter than four round trips. The way tells nothing then.
      if (noise && has_ended(session) && asked.has_passed() && asked.budget() < whole.budget())
        co_return impossible(
            "TooFarAway",
            fmt::format("the peer ended within {} ({} round trips), though not within "
                        "{}: from here nobody can tell whether it would have spoken",
                        format_duration(whole.budget()), kFewestRoundTrips,
                        format_duration(asked.budget())));
      // What comes after the window, which only our own stall made longer, is no noise in it.
      const bool late = whole.has_passed() && whole.spoilt(loop);
      if (noise && late) co_return stalled({whole.stalled(loop)}, whole);
      if (noise) co_return std::move(*noise);
      if (deadline.was_watched(loop)) {
        session.recorder().note(fmt::format("quiet for {}", format_duration(whole.budget())));
        co_return Passed{};
      }
      deadline = deadline.sat_out(loop);
    }
    co_return stalled({whole.stalled(loop)}, whole);
  }

 private:
  bool has_ended(Session& session) const {
    return std::ranges::any_of(on_, [&](const auto& name) {
      return session.has_connection(name) && session.connection(name).ended() &&
             session.connection(name).received().empty();
    });
  }

  /// A shorter one would end before the peer's answer to our last octets could be here.
  Duration window(Session& session) const {
    auto trip = Duration::zero();
    for (const auto& name : on_) {
      if (session.has_connection(name))
        trip = std::max(trip, session.connection(name).round_trip());
    }
    const auto asked = session.budget(window_);
    const Duration shortest =
        std::chrono::ceil<std::chrono::milliseconds>(kFewestRoundTrips * trip);
    if (shortest <= asked) return asked;
    session.recorder().note(
        fmt::format("a round trip takes {}: silence is watched for {} of them, in place of {}",
                    humanize(trip), kFewestRoundTrips, format_duration(asked)));
    return shortest;
  }

  /// nullopt: all were quiet until the deadline.
  Task<std::optional<StepOutcome>> listen(Session& session, Deadline deadline,
                                          Duration length) const {
    const auto wanted = fmt::format("silence for {}", format_duration(length));
    for (const auto& name : on_) {
      auto noise = std::optional<StepOutcome>();
      if (session.has_datagrams(name)) {
        noise = co_await listen_to(session, session.datagrams(name), wanted, deadline);
      } else {
        noise = co_await listen_to(session, session.connection(name), wanted, deadline);
      }
      if (noise) co_return noise;
    }
    co_return std::nullopt;
  }

  static Task<std::optional<StepOutcome>> listen_to(Session& session, Connection& connection,
                                                    std::string wanted, Deadline deadline) {
    auto arrival = Arrival(DataArrived{});
    if (connection.received().empty()) arrival = co_await connection.arrival(deadline);
    const auto* stall = std::get_if<HarnessStalled>(&arrival);
    if (stall != nullptr && connection.ended()) co_return stalled(*stall, deadline);
    if (stall != nullptr || std::holds_alternative<TimedOut>(arrival)) co_return std::nullopt;
    if (connection.came_late(deadline))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    if (!std::holds_alternative<DataArrived>(arrival))
      co_return unexpected(arrival, wanted, deadline);
    co_return unexpected_octets(connection.received(), wanted, session.scenario().encoding);
  }

  static Task<std::optional<StepOutcome>> listen_to(Session& session, DatagramSocket& socket,
                                                    std::string wanted, Deadline deadline) {
    while (true) {
      auto arrival = co_await socket.arrival(deadline);
      if (std::holds_alternative<TimedOut>(arrival) ||
          std::holds_alternative<HarnessStalled>(arrival))
        co_return std::nullopt;
      const auto* datagram = std::get_if<Datagram>(&arrival);
      if (datagram == nullptr) co_return unexpected(arrival, wanted, deadline);
      if (socket.is_late(*datagram)) continue;
      if (socket.came_late(deadline))
        co_return stalled({deadline.stalled(session.loop())}, deadline);
      co_return unexpected_octets(datagram->octets, wanted, session.scenario().encoding);
    }
  }

  Duration window_;
  std::vector<std::string> on_;
};

std::shared_ptr<const Step> parse_expect_silence(StepReader& reader) {
  if (reader.duration("expect_silence", std::chrono::seconds(1)) <= Duration::zero()) {
    reader.report("expect_silence", "a window of no length shows nothing");
  }
  return std::make_shared<ExpectSilence>(reader);
}

constexpr std::array kFields{
    Field{"expect_silence", FieldType::kDuration,
          "the window; four round trips of the connection where those take longer", true},
    Field{"on", FieldType::kConnections, "the connections; the only one by default"},
};

}  // namespace

extern const StepSpec kExpectSilence{.verb = "expect_silence",
                                     .summary =
                                         "Neither octets nor an ending come during this window. It "
                                         "shows that much and no more: quiet for so long.",
                                     .fields = kFields,
                                     .needs = "",
                                     .example = R"({ "expect_silence": "200ms", "on": "c" })",
                                     .parse = parse_expect_silence,
                                     .links = Links::kBoth};

}  // namespace dialtone
