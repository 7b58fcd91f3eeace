#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

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

/// A request, and what must answer it.
struct Question {
  Payload request;
  ExpectedOctets reply;
};
using Questions = std::vector<Question>;

/// One that has no reply yet.
struct Unanswered {
  const Question* question;
  Bytes octets;  ///< of its request
};

class Ask : public Step {
 public:
  explicit Ask(StepReader& reader)
      : questions_(read_questions(reader)),
        on_(reader.connection("on")),
        retries_(reader.integer("retries", kRetries)),
        pass_over_(reader.flag("pass_over")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    std::vector<Unanswered> open;
    for (const auto& question : questions_) {
      auto octets = session.octets(question.request);
      if (const auto* problem = std::get_if<Impossible>(&octets)) co_return *problem;
      open.push_back({&question, std::move(std::get<Bytes>(octets))});
    }
    auto& socket = session.datagrams(on_);
    // A retry does not extend the step's budget: each try has its share.
    const auto share = session.budget(within_) / (retries_ + 1);
    for (int tries = 0; true; ++tries) {
      if (tries > 0) session.recorder().note(fmt::format("no reply: asked again on '{}'", on_));
      const Deadline deadline(session.loop(), share);
      auto outcome = co_await ask_once(session, socket, open, tries, deadline);
      if (!is_silence(outcome)) co_return outcome;
      if (tries < retries_) continue;
      std::get<Failed>(outcome).problem.message += fmt::format(", asked {} times", retries_ + 1);
      co_return outcome;
    }
  }

 private:
  static Questions read_questions(StepReader& reader) {
    Questions all;
    all.push_back({reader.payload("ask"), ExpectedOctets(reader, "reply")});
    if (reader.has("and") && reader.has("and_reply"))
      all.push_back({reader.payload("and"), ExpectedOctets(reader, "and_reply")});
    return all;
  }

  /// All that have no reply yet are sent before any reply is awaited.
  Task<StepOutcome> ask_once(Session& session, DatagramSocket& socket,
                             std::vector<Unanswered>& open, int retries, Deadline deadline) const {
    for (const auto& each : open) {
      auto sent = co_await send_datagram(socket, each.octets, deadline);
      if (!std::holds_alternative<Passed>(sent)) co_return sent;
    }
    while (!open.empty()) {
      auto outcome = co_await await_one(session, socket, open, deadline);
      if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
      // What was asked several times may be answered as often.
      if (retries > 0) socket.allow_again(socket.last(), retries);
    }
    co_return Passed{};
  }

  /// A reply to one of them, which is no longer open then.
  Task<StepOutcome> await_one(Session& session, DatagramSocket& socket,
                              std::vector<Unanswered>& open, Deadline deadline) const {
    if (open.size() > 1) co_return co_await await_any(session, socket, open, deadline);
    const auto& last = open.front().question->reply;
    auto outcome = co_await last.await(session, socket, deadline, pass_over_);
    if (std::holds_alternative<Passed>(outcome)) open.clear();
    co_return outcome;
  }

  bool is_passed_over(DatagramSocket& socket, const Datagram& datagram) const {
    return pass_over_ || socket.is_late(datagram);
  }

  /// Those that the datagram does not answer.
  static std::vector<Unanswered> open_after(Session& session, DatagramSocket& socket,
                                            const std::vector<Unanswered>& open,
                                            const Datagram& datagram) {
    auto others = open;
    std::erase_if(others, [&](const Unanswered& each) {
      return std::holds_alternative<Passed>(each.question->reply.judge(session, socket, datagram));
    });
    return others;
  }

  /// One datagram, which answers any of them: UDP keeps no order.
  Task<StepOutcome> await_any(Session& session, DatagramSocket& socket,
                              std::vector<Unanswered>& open, Deadline deadline) const {
    bool is_either = false;  // a reply came that fits each of them: the next one may fit any
    while (true) {
      const auto arrival = co_await socket.arrival(deadline);
      const auto* datagram = std::get_if<Datagram>(&arrival);
      if (datagram == nullptr)
        co_return unexpected(arrival, fmt::format("replies to {} requests", open.size()), deadline);
      if (socket.came_late(deadline))
        co_return stalled({deadline.stalled(session.loop())}, deadline);
      auto others = open_after(session, socket, open, *datagram);
      if (others.size() == open.size() && is_passed_over(socket, *datagram)) continue;
      if (others.size() == open.size())
        co_return open.front().question->reply.judge(session, socket, *datagram);
      if (others.empty() && !std::exchange(is_either, true)) continue;
      if (is_either) others.clear();
      open = std::move(others);
      co_return Passed{};
    }
  }

  Questions questions_;
  std::string on_;
  int retries_;
  bool pass_over_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_ask(StepReader& reader) {
  if (reader.integer("retries", 0) > kMostRetries)
    reader.report("retries", fmt::format("'retries' must be at most {}", kMostRetries));
  if (reader.has("and") != reader.has("and_reply"))
    reader.report("and", "'and' and 'and_reply' belong together");
  return std::make_shared<Ask>(reader);
}

constexpr std::array kFields{
    Field{"ask", FieldType::kPayload, "the request, one datagram", true},
    Field{"reply", FieldType::kMatcher, "the datagram that must answer it, or a matcher", true},
    Field{"and", FieldType::kPayload,
          "a second request, which is sent before the first one's reply is awaited"},
    Field{"and_reply", FieldType::kMatcher,
          "the datagram that must answer that one; the two may come in any order"},
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
