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

/// How many octets at the begin of `octets` are the end of `form`.
std::size_t end_of(ByteView form, ByteView octets) {
  auto length = std::min(form.size(), octets.size());
  while (length > 0 && !octets.starts_with(form.substr(form.size() - length))) --length;
  return length;
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
    : secrets_(std::move(secrets)), patterns_(patterns_of(secrets_)) {}

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
  mask_dropped(octets, result);
  return result;
}

/// Where octets were dropped, what is left of a secret on either side is one no more that patterns
/// find.
void Secrets::mask_dropped(ByteView octets, Bytes& result) const {
  std::size_t from = 0;
  while (const auto dropped = find_dropped(octets, from)) {
    PatternSet::State state{};
    for (auto at = from; at < dropped->begin; ++at) state = patterns_.next(state, octets[at]);
    const auto before = patterns_.depth(state);
    std::fill_n(result.begin() + static_cast<std::ptrdiff_t>(dropped->begin - before), before,
                kMask);
    std::size_t after = 0;
    for (const auto& secret : secrets_)
      for (const auto& form : forms_of_secret(secret.value))
        after = std::max(after, end_of(form, octets.substr(dropped->end)));
    std::fill_n(result.begin() + static_cast<std::ptrdiff_t>(dropped->end), after, kMask);
    from = dropped->end;
  }
}

std::string Secrets::found_in(ByteView octets) const {
  std::set<std::string> found;
  masked(octets, &found);
  return found.empty() ? std::string() : *found.begin();
}

}  // namespace dialtone
