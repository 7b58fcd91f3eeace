#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "harness/model/step_reader.hpp"
#include "harness/steps/expectation.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/send_datagram.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr int kRetries = 2;
constexpr int kMostRetries = 100;

/// Whether nothing came: a loss, which is legal (RFC 768, RFC 8085). All else is an answer.
bool is_silence(const StepOutcome& outcome) {
  const auto* failure = std::get_if<Failed>(&outcome);
  return failure != nullptr && failure->problem.type == "Timeout";
}

class Ask : public Step {
 public:
  explicit Ask(StepReader& reader)
      : request_(reader.payload("ask")),
        reply_(reader, "reply"),
        on_(reader.connection("on")),
        retries_(reader.integer("retries", kRetries)),
        pass_over_(reader.flag("pass_over")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto octets = session.octets(request_);
    if (const auto* problem = std::get_if<Impossible>(&octets)) co_return *problem;
    const auto& request = std::get<Bytes>(octets);
    auto& socket = session.datagrams(on_);
    // A retry does not extend the step's budget: each try has its share.
    const auto share = session.budget(within_) / (retries_ + 1);
    for (int tries = 0; tries <= retries_; ++tries) {
      if (tries > 0) session.recorder().note(fmt::format("no reply: asked again on '{}'", on_));
      auto outcome = co_await ask_once(session, socket, request, {session.loop(), share});
      if (std::holds_alternative<Passed>(outcome)) forgive(socket, tries);
      if (!is_silence(outcome)) co_return outcome;
      if (tries == retries_) {
        std::get<Failed>(outcome).problem.message += fmt::format(", asked {} times", retries_ + 1);
        co_return outcome;
      }
    }
    co_return Passed{};  // not reached
  }

 private:
  Task<StepOutcome> ask_once(Session& session, DatagramSocket& socket, const Bytes& request,
                             Deadline deadline) const {
    auto sent = co_await send_datagram(socket, request, deadline);
    if (!std::holds_alternative<Passed>(sent)) co_return sent;
    co_return co_await reply_.await(session, socket, deadline, pass_over_);
  }

  /// What was asked several times may be answered as often.
  static void forgive(DatagramSocket& socket, int retries) {
    if (retries > 0) socket.allow_again(socket.last(), retries);
  }

  Payload request_;
  ExpectedOctets reply_;
  std::string on_;
  int retries_;
  bool pass_over_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_ask(StepReader& reader) {
  if (reader.integer("retries", 0) > kMostRetries)
    reader.report("retries", fmt::format("'retries' must be at most {}", kMostRetries));
  return std::make_shared<Ask>(reader);
}

constexpr std::array kFields{
    Field{"ask", FieldType::kPayload, "the request, one datagram", true},
    Field{"reply", FieldType::kMatcher, "the datagram that must answer it, or a matcher", true},
    Field{"on", FieldType::kConnection, "the UDP socket; the only connection by default"},
    Field{
        "retries", FieldType::kInteger,
        "how often it is asked again where nothing comes; 2 by default. The step's time is shared "
        "among the tries"},
    Field{"pass_over", FieldType::kBoolean, "other datagrams may come before the reply"},
};

}  // namespace

extern const StepSpec kAsk{
    .verb = "ask",
    .summary =
        "UDP: sends a request and expects its reply, and asks again where nothing comes, since "
        "datagrams may be lost.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "ask": "你在么?", "reply": "thank you !", "on": "u" })",
    .parse = parse_ask,
    .links = Links::kDatagrams};

}  // namespace dialtone
