#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/model/result.hpp"
#include "harness/model/variant.hpp"

namespace dialtone {

/// A scenario's results under its variants, put together as they come.
class VariantFold {
 public:
  /// `whole`: the result of the run without a variant, which is what others must agree with.
  VariantFold(ScenarioResult whole, VariantList list, const VaryOptions& options);

  const std::vector<Variant>& variants() const { return list_.variants; }

  /// Whether the variant `index` can still change anything: none smaller differs.
  bool is_wanted(std::size_t index) const { return !differs_ || index < *differs_; }

  /// What came of the variant `index`, in any order.
  void add(std::size_t index, ScenarioResult result, bool unshown);

  /// The one result. Each verdict as the whole one's: that. Another one: a failure that names the
  /// smallest variant that differs, with its evidence. No verdict under a variant, and no
  /// difference: an error.
  ScenarioResult result();

 private:
  void fail();

  ScenarioResult whole_;
  VariantList list_;
  std::optional<std::size_t> differs_;  ///< the smallest so far
  ScenarioResult differing_;
  std::optional<std::size_t> erred_;
  ScenarioResult erring_;
  VariantSummary summary_;
};

}  // namespace dialtone
