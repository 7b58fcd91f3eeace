#include <fmt/format.h>

#include <array>
#include <chrono>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/watched_program.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 1> kQuantities{"descriptors"};

/// A count that moved less than so long ago may be in the middle of its way: a server that has just
/// begun to listen, or one that closes what its last client left.
constexpr Duration kSettled = std::chrono::milliseconds(100);

class Measure : public Step {
 public:
  explicit Measure(StepReader& reader)
      : of_(reader.text_or("of", "target")), as_(reader.name("as")), within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto found = WatchedProgram::of(session, of_);
    if (const auto* problem = std::get_if<Impossible>(&found)) co_return *problem;
    const auto& program = std::get<WatchedProgram>(found);
    if (auto others = program.used_by_others(session)) co_return std::move(*others);
    const auto deadline = session.deadline(within_);
    OsResult<int> count = 0;
    auto since = Clock::now();
    const bool settled = co_await session.poll(deadline, [&] {
      auto seen = program.descriptors();
      const bool moved = !seen.ok() || !count.ok() || seen.value() != count.value();
      if (moved) since = Clock::now();
      count = std::move(seen);
      return !count.ok() || Clock::now() - since >= kSettled;
    });
    if (!count.ok()) {
      auto ended = co_await program.ended_soon();
      if (ended) co_return std::move(*ended);
      co_return impossible("NotObservable", count.error().text);
    }
    if (!settled) {
      co_return impossible("NotSettled",
                           fmt::format("the number of open descriptors of '{}' did not stand still "
                                       "within {}: {} at last",
                                       of_, format_duration(deadline.budget()), count.value()));
    }
    session.recorder().note(fmt::format("'{}' has {} descriptors open", of_, count.value()));
    session.set_variable(as_, std::to_string(count.value()));
    co_return Passed{};
  }

 private:
  std::string of_;
  std::string as_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_measure(StepReader& reader) {
  if (reader.text_or("of", "target") == "target") reader.need("process_observation");
  reader.scope().define_variable(reader.name("as"));
  return std::make_shared<Measure>(reader);
}

constexpr std::array kFields{
    Field{"measure", FieldType::kChoice, "what to count", true, kQuantities},
    Field{"of", FieldType::kProgram, "the program and its group; \"target\" by default"},
    Field{"as", FieldType::kVariable, "the variable that gets the number", true},
};

}  // namespace

extern const StepSpec kMeasure{
    .verb = "measure",
    .summary =
        "Counts what a program and its process group hold, once that has stood still for "
        "100ms, for a later step to compare with.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "measure": "descriptors", "of": "target", "as": "base" })",
    .parse = parse_measure};

}  // namespace dialtone
