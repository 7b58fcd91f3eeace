#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "harness/model/duration.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/sum.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/watched_program.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

// What is missing of a window is watched again; where the harness hardly ever runs, or the target
// hardly ever gets the processor that it is ready for, that must end too.
constexpr int kMostWindows = 50;

constexpr int kWindowsOfASpin = 5;
constexpr int kAlwaysReady = 95;  // percent
constexpr int kRunsAtAll = 5;     // percent

constexpr Duration kShortestWindow = std::chrono::milliseconds(100);
constexpr int kMostBusy = 100'000;  // percent: a thousand processors

class ExpectProcess : public Step {
 public:
  explicit ExpectProcess(StepReader& reader)
      : program_(reader.name("expect_process")),
        counts_(reader.has("descriptors") || reader.has("at_most")),
        exact_(reader.has("descriptors")),
        descriptors_(reader.text(exact_ ? "descriptors" : "at_most", "0")),
        busy_below_(reader.integer("busy_below", 0)),
        window_(reader.duration("over", {})),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto found = WatchedProgram::of(session, program_);
    if (const auto* problem = std::get_if<Impossible>(&found)) co_return *problem;
    const auto& program = std::get<WatchedProgram>(found);
    if (auto ended = program.ended()) co_return std::move(*ended);
    StepOutcome outcome = Passed{};
    if (counts_) outcome = co_await await_count(session, program);
    if (std::holds_alternative<Passed>(outcome) && window_ > Duration::zero())
      outcome = co_await watch(session, program);
    auto others = std::holds_alternative<Failed>(outcome) ? program.used_by_others(session)
                                                          : std::optional<Impossible>();
    if (others) co_return *std::move(others);
    if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
    if (auto ended = program.ended()) co_return std::move(*ended);
    co_return Passed{};
  }

 private:
  Task<StepOutcome> await_count(Session& session, const WatchedProgram& program) const {
    const auto text = session.text(descriptors_);
    if (const auto* problem = std::get_if<Impossible>(&text)) co_return *problem;
    const auto number = read_sum(std::get<std::string>(text));
    if (!number) {
      co_return impossible("BadNumber", fmt::format("'{}' is no number of descriptors",
                                                    printable(std::get<std::string>(text))));
    }
    const auto deadline = session.deadline(within_);
    OsResult<int> count = 0;
    const bool seen = co_await session.poll(deadline, [&] {
      count = program.descriptors();
      return !count.ok() || count.value() == *number || (!exact_ && count.value() < *number);
    });
    if (!count.ok()) {
      auto ended = co_await program.ended_soon();
      if (ended) co_return std::move(*ended);
      co_return impossible("NotObservable", count.error().text);
    }
    session.recorder().note(fmt::format("'{}' has {} descriptors open", program_, count.value()));
    if (seen) co_return Passed{};
    if (deadline.spoilt(session.loop()))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    const auto wanted = fmt::format("{}{} open descriptors", exact_ ? "" : "at most ", *number);
    co_return failed("Descriptors",
                     fmt::format("expected '{}' to come to {} within {}, but it has {}", program_,
                                 wanted, format_duration(deadline.budget()), count.value()),
                     wanted, fmt::format("{} open descriptors", count.value()));
  }

  /// A share of a window that the kernel measured is exact however long the harness did not run.
  /// What must be made good for is a machine that did not run at all, and one that kept the target
  /// from a processor for which it was ready: such a target's share is small, and it is not idle.
  Task<StepOutcome> watch(Session& session, const WatchedProgram& program) const {
    auto& loop = session.loop();
    const auto whole = session.deadline(window_);
    auto deadline = whole;
    const auto begin = Clock::now();
    const auto before = program.processor_use();
    for (int windows = 0; windows < kMostWindows; ++windows) {
      co_await loop.sleep_until(deadline.at());
      const auto now = program.processor_use();
      const auto took = Clock::now() - begin;
      const auto used = percent(now.used - before.used, took);
      const auto ready = used + percent(now.waited - before.waited, took);
      if (used >= busy_below_ || spins(used, ready, windows)) co_return busy(used, ready, took);
      if (ready < busy_below_ && whole.was_watched(loop)) {
        session.recorder().note(
            fmt::format("'{}' used {}% of a processor over {}", program_, used, humanize(took)));
        co_return Passed{};
      }
      deadline = deadline.sat_out(loop);
    }
    co_return impossible(
        "MachineBusy",
        fmt::format("over {} '{}' was ready to run, but got no processor: whether it is busy or "
                    "idle cannot be told",
                    humanize(Clock::now() - begin), program_));
  }

  /// Where many want the processor, one that never stops gets little of it. But it is ready at
  /// every moment of many windows, and not merely starved: it does run.
  static bool spins(int used, int ready, int windows) {
    return windows >= kWindowsOfASpin && ready >= kAlwaysReady && used >= kRunsAtAll;
  }

  static int percent(Duration part, Duration whole) {
    return static_cast<int>(100.0 * static_cast<double>(part.count()) /
                            static_cast<double>(whole.count()));
  }

  StepOutcome busy(int used, int ready, Duration took) const {
    const auto wanted = fmt::format("below {}% of a processor", busy_below_);
    auto actual = fmt::format("{}% of a processor over {}", used, humanize(took));
    if (used < busy_below_)
      actual +=
          fmt::format(", all that a busy machine gave it: it was ready to run {}% of the time",
                      std::min(ready, 100));
    return failed("Busy",
                  fmt::format("expected '{}' to use {}, but it used {}", program_, wanted, actual),
                  wanted, actual);
  }

  std::string program_;
  bool counts_;
  bool exact_;
  Template descriptors_;
  int busy_below_;
  Duration window_;
  std::optional<Duration> within_;
};

void check_count(StepReader& reader, std::string_view field) {
  const auto text = reader.text(field, "0").constant();
  if (text && !read_sum(*text)) {
    reader.report(field, fmt::format("'{}' is no number", printable(*text)),
                  "such as \"12\", \"${base}\" or \"${base}+1\"");
  }
}

std::shared_ptr<const Step> parse_expect_process(StepReader& reader) {
  if (reader.name("expect_process") == "target") reader.need("process_observation");
  check_count(reader, "descriptors");
  check_count(reader, "at_most");
  if (reader.has("descriptors") && reader.has("at_most"))
    reader.report("at_most", "'descriptors' says how many already");
  if (reader.has("alive") && !reader.flag("alive"))
    reader.report("alive", "'alive' is true or left out", "'expect_exit' expects an end");
  if (reader.has("busy_below") != reader.has("over"))
    reader.report("expect_process", "'busy_below' and 'over' belong together");
  const int limit = reader.integer("busy_below", 1);
  if (limit < 1 || limit > kMostBusy)
    reader.report("busy_below", "no share of a processor: a percentage, 1 or more");
  if (reader.duration("over", kShortestWindow) < kShortestWindow)
    reader.report("over", "too short a window for a clock that ticks every 10ms", "100ms or more");
  const bool says_something = reader.has("descriptors") || reader.has("at_most") ||
                              reader.has("alive") || reader.has("busy_below");
  if (!says_something) reader.report("expect_process", "it says nothing to expect");
  return std::make_shared<ExpectProcess>(reader);
}

constexpr std::array kFields{
    Field{"expect_process", FieldType::kProgram, "the program", true},
    Field{"alive", FieldType::kBoolean, "true: it runs, as every other expectation implies"},
    Field{"descriptors", FieldType::kText,
          "it and its group come to have exactly so many open: \"${base}\", \"${base}+1\""},
    Field{"at_most", FieldType::kText, "... or so many at the most"},
    Field{"busy_below", FieldType::kInteger,
          "it and its group use less than this percentage of one processor"},
    Field{"over", FieldType::kDuration, "... during this window"},
};

}  // namespace

extern const StepSpec kExpectProcess{
    .verb = "expect_process",
    .summary =
        "What the kernel shows of a program and its process group comes to this: open "
        "descriptors are polled until the deadline, the use of a processor is watched.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "expect_process": "target", "descriptors": "${base}" })",
    .parse = parse_expect_process};

}  // namespace dialtone
