#include "harness/model/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/model/dropped.hpp"
#include "harness/model/secret_forms.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kShortest = 4;    // octets
constexpr std::size_t kLongest = 4096;  // what finds it takes some hundred times as much

std::vector<PatternSet::Pattern> patterns_of(const std::vector<Secret>& secrets) {
  std::vector<PatternSet::Pattern> patterns;
  for (std::size_t owner = 0; owner < secrets.size(); ++owner)
    for (const auto& form : forms_of_secret(secrets[owner].value))
      patterns.push_back({form, owner});
  return patterns;
}

std::vector<PatternSet::Pattern> reversed(std::vector<PatternSet::Pattern> patterns) {
  for (auto& pattern : patterns) std::ranges::reverse(pattern.octets);
  return patterns;
}

/// How many of the last octets may be the begin of a pattern.
std::size_t open_end(const PatternSet& patterns, ByteView octets) {
  PatternSet::State state{};
  for (const char octet : octets) state = patterns.next(state, octet);
  return patterns.depth(state);
}

void mask(Bytes& octets, std::size_t from, std::size_t count) {
  octets.replace(from, count, count, Secrets::kMask);
}

}  // namespace

std::optional<std::string> unfit_secret(std::string_view value) {
  if (value.empty()) return "the secret is empty";
  if (value.size() < kShortest)
    return fmt::format(
        "the secret is shorter than {} octets: what is so short stands in every "
        "report by chance",
        kShortest);
  if (value.size() > kLongest) return fmt::format("the secret is longer than {} octets", kLongest);
  return std::nullopt;
}

Secrets::Secrets(std::vector<Secret> secrets)
    : secrets_(std::move(secrets)),
      patterns_(patterns_of(secrets_)),
      backwards_(reversed(patterns_of(secrets_))) {}

Bytes Secrets::masked(ByteView octets, std::set<std::string>* found) const {
  Bytes result(octets);
  if (empty()) return result;
  PatternSet::State state{};
  for (std::size_t at = 0; at < octets.size(); ++at) {
    state = patterns_.next(state, octets[at]);
    const auto match = patterns_.match(state);
    if (match.length == 0) continue;
    const auto begin = result.begin() + static_cast<std::ptrdiff_t>(at + 1 - match.length);
    std::fill_n(begin, match.length, kMask);
    if (found != nullptr) found->insert(secrets_[match.owner].name);
  }
  return result;
}

Bytes Secrets::masked_parts(ByteView octets, std::set<std::string>* found) const {
  auto result = masked(octets, found);
  if (empty()) return result;
  mask_dropped(octets, result);
  const auto open = open_end(patterns_, octets);
  if (open >= kTelling) mask(result, result.size() - open, open);
  return result;
}

/// What is left of a secret on either side is none that masked() finds.
void Secrets::mask_dropped(ByteView octets, Bytes& result) const {
  std::size_t from = 0;
  while (const auto dropped = find_dropped(octets, from)) {
    const auto before = open_end(patterns_, octets.substr(from, dropped->begin - from));
    mask(result, dropped->begin - before, before);
    Bytes after(octets.substr(dropped->end, backwards_.deepest()));
    std::ranges::reverse(after);
    mask(result, dropped->end, open_end(backwards_, after));
    from = dropped->end;
  }
}

std::string Secrets::found_in(ByteView octets) const {
  std::set<std::string> found;
  masked(octets, &found);
  return found.empty() ? std::string() : *found.begin();
}

}  // namespace dialtone
