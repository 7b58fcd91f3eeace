#include "harness/steps/sum.hpp"

#include <charconv>
#include <cstdint>

#include "harness/model/step_spec.hpp"

namespace dialtone {

std::optional<int> read_sum(std::string_view text) {
  std::int64_t sum = 0;
  while (true) {
    std::uint32_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    sum += number;
    if (error != std::errc{} || sum > kLargestInteger) return std::nullopt;
    if (stop == end) return static_cast<int>(sum);
    if (*stop != '+') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  }
}

}  // namespace dialtone
