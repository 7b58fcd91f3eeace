#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone {

/// What `--vary` asks for. A variant is the same scenario under another segmentation or timing; its
/// verdict must be the same (law 1).
struct VaryOptions {
  bool segmentation = false;
  bool timing = false;
  std::uint64_t seed = 1;  ///< of the sample, where there are more cuts than `limit`
  std::size_t limit = 64;  ///< cuts of one scenario

  bool any() const { return segmentation || timing; }
};

/// A send of a scenario, as its run without a variant made it. It is the same in each run: loops
/// are unrolled, so that a step runs once.
struct SeenSend {
  const Step* step = nullptr;
  std::string connection{};
  std::size_t octets = 0;
  std::string label{};  ///< of the step, "3"

  bool is(const Step* other, std::string_view on) const {
    return step == other && connection == on;
  }
};

struct Variant {
  enum class Kind {
    kWhole,   ///< every send as the scenario has it
    kCut,     ///< one send, cut in two
    kOctets,  ///< every send octet by octet
    kHalves,  ///< every send in two halves, with a pause between them
    kLate,    ///< a pause before every send
    kSlowReader,
  };
  Kind kind = Kind::kWhole;
  SeenSend send{};         ///< kCut: which
  std::size_t cut = 0;     ///< kCut: before this octet, from 0
  Duration pause{};        ///< kHalves, kLate: how long
  std::uint64_t seed = 1;  ///< of the cuts of a send that is too long for single octets
};

/// How one send is made under a variant.
struct Segmentation {
  std::vector<std::size_t> cuts{};  ///< ascending, from the front; none: whole
  Duration before{};                ///< a pause before it
  Duration between{};               ///< a pause between its pieces
};

struct VariantList {
  std::vector<Variant> variants;  ///< besides the whole one, the smallest first
  std::size_t possible_cuts = 0;  ///< inner boundaries of all sends
  std::size_t cuts = 0;           ///< those of them that `variants` tries
  std::vector<std::string> none;  ///< why something is left out
};

/// A send that is longer is cut at a sample of places in place of behind each octet.
inline constexpr std::size_t kMostSingleOctets = 4096;

/// The variants of a scenario that made these sends.
VariantList variants_of(const Scenario& scenario, const std::vector<SeenSend>& sends,
                        const VaryOptions& options);

Segmentation segmentation_of(const Variant& variant, const Step* step, std::string_view connection,
                             std::size_t octets);

/// "the send of step 3 cut after octet 4 of 5", "every send octet by octet".
std::string describe(const Variant& variant);

/// `count` of the numbers 1 to `most`, ascending; all where there are no more. The same for the
/// same seed, wherever it is asked.
std::vector<std::size_t> sample(std::size_t most, std::size_t count, std::uint64_t seed);

/// One run under a variant, and what it met.
struct VariedRun {
  Variant variant{};
  std::vector<SeenSend> sends{};
  bool unshown = false;  ///< a piece was not shown to be read by itself
};

}  // namespace dialtone
