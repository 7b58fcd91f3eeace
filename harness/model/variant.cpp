#include "harness/model/variant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "harness/model/duration.hpp"

namespace dialtone {
namespace {

// Of all pauses of a run together: its scenario's deadlines are for a server that reads at once.
constexpr Duration kPauses = std::chrono::seconds(1);
constexpr Duration kLongestPause = std::chrono::milliseconds(30);
constexpr Duration kShortestPause = std::chrono::milliseconds(1);
constexpr std::size_t kOctetsOfAll = 4 << 20;  // of the runs of all cuts: large payloads get few
constexpr std::size_t kFewestCuts = 4;
constexpr std::size_t kSampledPieces = 256;

Duration pause_for(std::size_t sends) {
  const auto each = kPauses / static_cast<Duration::rep>(std::max<std::size_t>(sends, 1));
  return std::clamp(each, kShortestPause, kLongestPause);
}

std::size_t boundaries(const SeenSend& send) { return send.octets == 0 ? 0 : send.octets - 1; }

/// Boundary `number` (from 1) of all sends, counted through.
Variant cut_at(const std::vector<SeenSend>& sends, std::size_t number) {
  for (const auto& send : sends) {
    if (number <= boundaries(send))
      return {.kind = Variant::Kind::kCut, .send = send, .cut = number};
    number -= boundaries(send);
  }
  return {};
}

/// Numbers of the first and the last boundary of each send, ascending, as many as fit into half of
/// `limit`: a server's parser has its states there (a first octet, CR before LF).
std::vector<std::size_t> edges_of(const std::vector<SeenSend>& sends, std::size_t limit) {
  std::set<std::size_t> edges;
  std::size_t before = 0;
  for (const auto& send : sends) {
    const auto inner = boundaries(send);
    if (inner > 0 && edges.size() + 2 <= limit / 2) edges.insert({before + 1, before + inner});
    before += inner;
  }
  return {edges.begin(), edges.end()};
}

/// `limit` of the boundaries of all sends, ascending.
std::vector<std::size_t> places_of(const std::vector<SeenSend>& sends, std::size_t possible,
                                   std::size_t limit, std::uint64_t seed) {
  if (limit >= possible) return sample(possible, limit, seed);
  auto places = edges_of(sends, limit);
  const auto edges = places;
  for (auto place : sample(possible - edges.size(), limit - edges.size(), seed)) {
    for (const auto edge : edges) place += place >= edge ? 1 : 0;  // counted without the edges
    places.push_back(place);
  }
  std::ranges::sort(places);
  return places;
}

void add_segmentation(VariantList& list, const std::vector<SeenSend>& sends,
                      const VaryOptions& options) {
  const auto octets = list.possible_cuts + sends.size();
  const auto limit = std::min(options.limit, std::max(kOctetsOfAll / octets, kFewestCuts));
  const auto places = places_of(sends, list.possible_cuts, limit, options.seed);
  for (const auto place : places) list.variants.push_back(cut_at(sends, place));
  list.cuts = places.size();
  // Octet by octet is a cut in two where no send has more than two octets.
  const auto longest = std::ranges::max(sends, {}, &SeenSend::octets).octets;
  if (longest > 2 || list.possible_cuts > 1)
    list.variants.push_back({.kind = Variant::Kind::kOctets, .seed = options.seed});
}

}  // namespace

std::vector<std::size_t> sample(std::size_t most, std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> all;
  if (count >= most) {
    for (std::size_t number = 1; number <= most; ++number) all.push_back(number);
    return all;
  }
  // Floyd's algorithm. std::sample and the distributions differ between standard libraries, the
  // engine does not ([rand.predef]).
  std::mt19937_64 engine(seed);
  std::set<std::size_t> chosen;
  for (auto last = most - count + 1; last <= most; ++last) {
    const auto number = static_cast<std::size_t>(engine() % last) + 1;
    if (!chosen.insert(number).second) chosen.insert(last);
  }
  all.assign(chosen.begin(), chosen.end());
  return all;
}

VariantList variants_of(const Scenario& scenario, const std::vector<SeenSend>& sends,
                        const VaryOptions& options) {
  VariantList list;
  const auto& [no_segmentation, no_timing] = scenario.no_vary;
  for (const auto& send : sends) list.possible_cuts += boundaries(send);
  const bool can_cut = no_segmentation.empty() && list.possible_cuts > 0;
  if (options.any() && !no_segmentation.empty()) list.none.push_back("not cut: " + no_segmentation);
  if (options.timing && !no_timing.empty()) list.none.push_back("no other timing: " + no_timing);
  if (options.segmentation && can_cut) add_segmentation(list, sends, options);
  if (!options.timing || !no_timing.empty()) return list;
  const auto pause = pause_for(sends.size());
  if (can_cut) list.variants.push_back({.kind = Variant::Kind::kHalves, .pause = pause});
  if (!sends.empty()) list.variants.push_back({.kind = Variant::Kind::kLate, .pause = pause});
  list.variants.push_back({.kind = Variant::Kind::kSlowReader});
  return list;
}

Segmentation segmentation_of(const Variant& variant, const Step* step, std::string_view connection,
                             std::size_t octets) {
  switch (variant.kind) {
    case Variant::Kind::kWhole:
    case Variant::Kind::kSlowReader: return {};
    case Variant::Kind::kLate: return {.before = variant.pause};
    case Variant::Kind::kCut:
      if (!variant.send.is(step, connection)) return {};
      return {.cuts = {variant.cut}};
    case Variant::Kind::kOctets: {
      const auto inner = octets == 0 ? 0 : octets - 1;
      const auto pieces = octets > kMostSingleOctets ? kSampledPieces : inner;
      return {.cuts = sample(inner, pieces, variant.seed)};
    }
    case Variant::Kind::kHalves:
      if (octets < 2) return {};
      return {.cuts = {octets / 2}, .between = variant.pause};
  }
  return {};
}

std::string describe(const Variant& variant) {
  switch (variant.kind) {
    case Variant::Kind::kWhole: return "every send whole";
    case Variant::Kind::kCut:
      return fmt::format("the send of step {} on '{}' cut after octet {} of {}", variant.send.label,
                         variant.send.connection, variant.cut, variant.send.octets);
    case Variant::Kind::kOctets: return "every send octet by octet";
    case Variant::Kind::kHalves:
      return fmt::format("every send in two halves, {} apart", format_duration(variant.pause));
    case Variant::Kind::kLate:
      return fmt::format("a pause of {} before every send", format_duration(variant.pause));
    case Variant::Kind::kSlowReader: return "replies read slowly";
  }
  return {};
}

}  // namespace dialtone
