#include "harness/steps/median.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "harness/model/duration.hpp"
#include "harness/steps/outcome.hpp"

namespace dialtone {

Duration median_of(std::vector<Duration> lengths) {
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::ranges::nth_element(lengths, middle);
  return *middle;
}

StepOutcome judge_median(Session& session, const std::vector<TimedWait>& waits, Duration limit,
                         std::string_view what) {
  std::vector<Duration> whole;
  std::vector<Duration> watched;
  auto stalled = Duration::zero();
  for (const auto& wait : waits) {
    whole.push_back(wait.length);
    watched.push_back(wait.length - wait.stalled);
    stalled += wait.stalled;
  }
  const auto median = median_of(std::move(whole));
  const auto found =
      fmt::format("the median of {} {} was {}", waits.size(), what, humanize(median));
  session.recorder().note(found);
  if (median <= limit) return Passed{};
  if (median_of(std::move(watched)) <= limit)
    return impossible("HarnessStalled",
                      fmt::format("{}, above {}, but the harness itself did not run for {} of them",
                                  found, format_duration(limit), humanize(stalled)));
  return failed("Slow", fmt::format("{}, above {}", found, format_duration(limit)),
                fmt::format("a median of at most {}", format_duration(limit)), found);
}

}  // namespace dialtone
