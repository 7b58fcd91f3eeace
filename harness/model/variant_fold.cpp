#include "harness/model/variant_fold.hpp"

#include <fmt/format.h>

#include <utility>

namespace dialtone {
namespace {

/// `result` takes the place of `whole`, whose time and number it keeps.
void replace(ScenarioResult& whole, ScenarioResult result, Verdict verdict) {
  whole.verdict = verdict;
  whole.problem = std::move(result.problem);
  whole.failed_step = result.failed_step;
  whole.where = std::move(result.where);
  whole.transcript = std::move(result.transcript);
  whole.run = result.run;
  whole.outputs = std::move(result.outputs);
}

}  // namespace

VariantFold::VariantFold(ScenarioResult whole, VariantList list, const VaryOptions& options)
    : whole_(std::move(whole)), list_(std::move(list)) {
  summary_.cuts = list_.cuts;
  summary_.possible_cuts = list_.possible_cuts;
  summary_.seed = options.seed;
  summary_.none = list_.none;
}

void VariantFold::add(std::size_t index, ScenarioResult result, bool unshown) {
  ++summary_.run;
  if (unshown) ++summary_.unshown;
  whole_.took += result.took;
  if (result.verdict == whole_.verdict) return;
  const bool error = result.verdict == Verdict::kError;
  auto& smallest = error ? erred_ : differs_;
  if (smallest && *smallest < index) return;
  smallest = index;
  (error ? erring_ : differing_) = std::move(result);
}

void VariantFold::fail() {
  const auto name = describe(list_.variants[*differs_]);
  summary_.differs = name;
  if (differing_.verdict == Verdict::kPass) {
    // The evidence is that of the whole run: the variant has none.
    whole_.verdict = Verdict::kFail;
    whole_.problem.message += fmt::format("; but it passes with {}", name);
    return;
  }
  auto message =
      fmt::format("with {}, where it passes whole: {}", name, differing_.problem.message);
  if (whole_.verdict != Verdict::kPass)
    message = fmt::format("with {}, where the verdict is {} whole: {}", name,
                          name_of(whole_.verdict), differing_.problem.message);
  replace(whole_, std::move(differing_), Verdict::kFail);
  whole_.problem.message = std::move(message);
}

ScenarioResult VariantFold::result() {
  if (differs_) {
    fail();
  } else if (erred_) {
    const auto name = describe(list_.variants[*erred_]);
    replace(whole_, std::move(erring_), Verdict::kError);
    whole_.problem.message = fmt::format("with {}: {}", name, whole_.problem.message);
  }
  whole_.variants = std::move(summary_);
  return std::move(whole_);
}

}  // namespace dialtone
