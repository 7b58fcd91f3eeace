#include <algorithm>
#include <array>
#include <utility>

#include "harness/model/step_reader.hpp"
#include "harness/steps/expectation.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

class Expect : public Step {
 public:
  explicit Expect(StepReader& reader)
      : expected_(reader, "expect", reader.text_or("capture", "")),
        on_(reader.connections("on")),
        pass_over_(reader.flag("pass_over")),
        timed_(reader.text_or("timed", "")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto deadline = session.deadline(within_);
    for (const auto& name : on_) {
      auto outcome = co_await await(session, name, deadline);
      if (!std::holds_alternative<Passed>(outcome)) {
        if (on_.size() > 1) name_connection(outcome, name);
        co_return outcome;
      }
    }
    if (!timed_.empty()) session.add_wait(timed_, deadline);
    co_return Passed{};
  }

  const std::vector<std::string>& on() const { return on_; }

 private:
  Task<StepOutcome> await(Session& session, const std::string& name, Deadline deadline) const {
    if (session.has_datagrams(name))
      return expected_.await(session, session.datagrams(name), deadline, pass_over_);
    return expected_.await(session, session.connection(name), deadline);
  }

  ExpectedOctets expected_;
  std::vector<std::string> on_;
  bool pass_over_;
  std::string timed_;  ///< empty: nobody asks how long it took
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_expect(StepReader& reader) {
  auto step = std::make_shared<Expect>(reader);
  if (reader.has("capture")) reader.scope().define_variable(reader.name("capture"));
  if (reader.has("timed")) reader.scope().time(reader.name("timed"));
  const auto is_datagrams = [&](const auto& name) { return reader.scope().is_datagrams(name); };
  if (reader.has("pass_over") && !std::ranges::all_of(step->on(), is_datagrams))
    reader.report("pass_over", "only datagrams can be passed over: a stream has none");
  return step;
}

constexpr std::array kFields{
    Field{"expect", FieldType::kMatcher, "the octets that must come next, or a matcher", true},
    Field{"on", FieldType::kConnections, "the connection; the only one by default"},
    Field{"capture", FieldType::kVariable,
          "keeps what matched: a regex's first group, what came before an \"until\", a frame's "
          "body"},
    Field{"timed", FieldType::kTiming,
          "how long it took is kept under this name, for 'expect_median'"},
    Field{"pass_over", FieldType::kBoolean, "UDP: other datagrams may come before it"},
};

}  // namespace

extern const StepSpec kExpect{.verb = "expect",
                              .summary =
                                  "These octets come next, however TCP cuts them. It fails at the "
                                  "first wrong octet; what comes after them stays "
                                  "for the next step. On UDP: this datagram, whole.",
                              .fields = kFields,
                              .needs = "",
                              .example = R"({ "expect": "thank you !", "on": "c" })",
                              .parse = parse_expect,
                              .links = Links::kBoth};

}  // namespace dialtone
