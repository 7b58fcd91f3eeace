#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/median.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

class ExpectMedian : public Step {
 public:
  explicit ExpectMedian(StepReader& reader)
      : of_(reader.name("expect_median")), limit_(reader.duration("at_most", {})) {}

  Task<StepOutcome> run(Session& session) const override {
    co_return judge_median(session, session.waits(of_), session.budget(limit_),
                           fmt::format("times of '{}'", of_));
  }

 private:
  std::string of_;
  Duration limit_;
};

std::shared_ptr<const Step> parse_expect_median(StepReader& reader) {
  const auto name = reader.name("expect_median");
  const int found = reader.scope().timed(name);
  if (found < kFewestForMedian && !name.empty())
    reader.report("expect_median",
                  fmt::format("{} timed as '{}' before this, but a median of fewer than {} says "
                              "nothing",
                              found == 0   ? "no step is"
                              : found == 1 ? "one step is"
                                           : fmt::format("{} steps are", found),
                              name, kFewestForMedian),
                  R"({"repeat": 10, "steps": [..., {"expect": ..., "timed": "reply"}]})");
  return std::make_shared<ExpectMedian>(reader);
}

constexpr std::array kFields{
    Field{"expect_median", FieldType::kTiming, "the name under which steps were timed", true},
    Field{"at_most", FieldType::kDuration, "the median of them is no longer", true},
};

}  // namespace

extern const StepSpec kExpectMedian{
    .verb = "expect_median",
    .summary =
        "The median of how long some earlier steps took, ten at least, is no longer than this: one "
        "slow reply of many is chance.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "expect_median": "reply", "at_most": "50ms" })",
    .parse = parse_expect_median};

}  // namespace dialtone
