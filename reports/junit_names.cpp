#include "reports/junit_names.hpp"

#include <fmt/format.h>

namespace dialtone::junit {
namespace {

constexpr std::size_t kBits = std::size_t{1} << 23U;

/// Fowler, Noll and Vo's FNV-1a of 64 bits.
std::uint64_t fnv1a(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::uint64_t hash_of(std::string_view classname, std::string_view name) {
  auto hash = fnv1a(0xcbf29ce484222325U, classname);
  hash = fnv1a(hash, std::string_view("\0", 1));
  return fnv1a(hash, name);
}

std::size_t first_bit(std::uint64_t hash) { return hash % kBits; }
std::size_t second_bit(std::uint64_t hash) { return (hash >> 32U) % kBits; }

}  // namespace

Names::Names() : seen_(kBits) {}

bool Names::is_set(std::uint64_t hash) const {
  return seen_[first_bit(hash)] && seen_[second_bit(hash)];
}

void Names::expect(std::string_view classname, std::string_view wanted) {
  const auto hash = hash_of(classname, wanted);
  if (is_set(hash)) repeated_.insert(hash);
  seen_[first_bit(hash)] = true;
  seen_[second_bit(hash)] = true;
}

std::string Names::claim(std::string_view classname, std::string_view wanted) {
  if (!repeated_.contains(hash_of(classname, wanted))) return std::string(wanted);
  auto& number = last_number_[fmt::format("{}{}{}", classname, '\0', wanted)];
  if (++number == 1) return std::string(wanted);
  for (;; ++number) {
    auto name = fmt::format("{} [{}]", wanted, number);
    if (!is_set(hash_of(classname, name))) return name;
  }
}

}  // namespace dialtone::junit
