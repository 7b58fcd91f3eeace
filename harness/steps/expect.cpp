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
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto deadline = session.deadline(within_);
    for (const auto& name : on_) {
      auto outcome = co_await expected_.await(session, session.connection(name), deadline);
      if (!std::holds_alternative<Passed>(outcome)) {
        if (on_.size() > 1) name_connection(outcome, name);
        co_return outcome;
      }
    }
    co_return Passed{};
  }

 private:
  ExpectedOctets expected_;
  std::vector<std::string> on_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_expect(StepReader& reader) {
  auto step = std::make_shared<Expect>(reader);
  if (reader.has("capture")) reader.scope().define_variable(reader.name("capture"));
  return step;
}

constexpr std::array kFields{
    Field{"expect", FieldType::kMatcher, "the octets that must come next, or a matcher", true},
    Field{"on", FieldType::kConnections, "the connection; the only one by default"},
    Field{"capture", FieldType::kVariable,
          "keeps what matched: a regex's first group, what came before an \"until\""},
};

}  // namespace

extern const StepSpec kExpect{.verb = "expect",
                              .summary =
                                  "These octets come next, however TCP cuts them. It fails at the "
                                  "first wrong octet; what comes after them stays "
                                  "for the next step.",
                              .fields = kFields,
                              .needs = "",
                              .example = R"({ "expect": "thank you !", "on": "c" })",
                              .parse = parse_expect};

}  // namespace dialtone
