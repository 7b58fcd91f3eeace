#include "reports/in_flight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/printable.hpp"

namespace dialtone {

void InFlight::begin(std::size_t place, std::string id, TimePoint at) {
  flights_.try_emplace(place, Flight{std::move(id), at});
}

void InFlight::end(std::size_t place) { flights_.erase(place); }

std::string InFlight::text(TimePoint now) const {
  if (flights_.empty()) return {};
  const auto longest = std::ranges::min_element(
      flights_, {}, [](const auto& flight) { return flight.second.begun; });
  return fmt::format("{} in flight, longest {} {}", flights_.size(), printable(longest->second.id),
                     humanize(now - longest->second.begun));
}

}  // namespace dialtone
