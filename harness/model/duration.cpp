#include "harness/model/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace dialtone {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// From long to short: format_duration takes the first that divides.
constexpr std::array kUnits{
    Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"s", 1'000'000'000},
    Unit{"ms", 1'000'000},        Unit{"us", 1'000},         Unit{"ns", 1}};
constexpr std::int64_t kLongest = 24 * kUnits.front().nanoseconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits at the front of `text` off it.
std::string_view take_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  const auto digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

/// `whole` units in nanoseconds; nullopt above kLongest.
std::optional<std::int64_t> whole_part(std::string_view whole, std::int64_t unit) {
  std::int64_t value = 0;
  for (const char digit : whole) {
    value = value * 10 + (digit - '0') * unit;
    if (value > kLongest) return std::nullopt;
  }
  return value;
}

/// The digits after the point in nanoseconds; nullopt where they are finer than a nanosecond.
std::optional<std::int64_t> fraction_part(std::string_view fraction, std::int64_t unit) {
  std::int64_t value = 0;
  for (const char digit : fraction) {
    const bool divisible = unit != 0 && unit % 10 == 0;
    if (digit != '0' && !divisible) return std::nullopt;
    unit /= 10;
    value += (digit - '0') * unit;
  }
  return value;
}

const Unit* find_unit(std::string_view name) {
  for (const auto& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto whole = take_digits(text);
  if (whole.empty()) return std::nullopt;
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  const auto* unit = find_unit(text);
  if (unit == nullptr) return std::nullopt;
  const auto nanoseconds = whole_part(whole, unit->nanoseconds);
  const auto rest = fraction_part(fraction, unit->nanoseconds);
  if (!nanoseconds || !rest || *nanoseconds + *rest > kLongest) return std::nullopt;
  return std::chrono::nanoseconds(*nanoseconds + *rest);
}

std::string format_duration(Duration duration) {
  const auto nanoseconds = std::chrono::nanoseconds(duration).count();
  if (nanoseconds == 0) return "0s";
  for (const auto& unit : kUnits) {
    if (nanoseconds % unit.nanoseconds == 0) {
      return fmt::format("{}{}", nanoseconds / unit.nanoseconds, unit.name);
    }
  }
  return fmt::format("{}ns", nanoseconds);
}

std::string humanize(Duration duration) {
  const auto seconds = std::chrono::duration<double>(duration).count();
  const bool in_seconds = seconds >= 0.9995;
  const double value = in_seconds ? seconds : seconds * 1000;
  // Rounding can carry into one more digit: 9.996 is "10.0", not "10.00".
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", value, decimals, in_seconds ? "s" : "ms");
}

}  // namespace dialtone
