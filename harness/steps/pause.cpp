#include <array>

#include "harness/model/step_reader.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

class Pause : public Step {
 public:
  explicit Pause(Duration length) : length_(length) {}

  Task<StepOutcome> run(Session& session) const override {
    co_await session.loop().sleep_until(Clock::now() + session.budget(length_));
    co_return Passed{};
  }

 private:
  Duration length_;
};

std::shared_ptr<const Step> parse_pause(StepReader& reader) {
  return std::make_shared<Pause>(reader.duration("pause", {}));
}

constexpr std::array kFields{
    Field{"pause", FieldType::kDuration, "for how long", true},
};

}  // namespace

extern const StepSpec kPause{.verb = "pause",
                             .summary =
                                 "Does nothing for a while. It checks nothing, and no wait for a "
                                 "condition should be built on it.",
                             .fields = kFields,
                             .needs = "",
                             .example = R"({ "pause": "50ms" })",
                             .parse = parse_pause};

}  // namespace dialtone
