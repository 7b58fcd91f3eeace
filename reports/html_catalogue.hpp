#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/model/result.hpp"
#include "reports/html_writer.hpp"

/// A run by requirement: what holds, what does not, what was not checked and why.
namespace dialtone::html {

/// What a verdict says about the requirement.
enum class Standing { kBroken, kUnjudged, kUnchecked, kHolds };
Standing standing_of(Verdict verdict);

/// A sign beside the verdict's word, so that colour never speaks alone: "✓", "✗"...
std::string_view sign_of(Verdict verdict);

/// The sign and the word, in an element of the class "verdict".
void write_verdict(HtmlWriter& html, Verdict verdict);

/// Where a result stands in the document: "suite/id", "suite/id/3" for its third repetition. Octets
/// other than letters, digits and ._- are written as %XX. Unique: a name that is taken gets "~2".
class Anchors {
 public:
  explicit Anchors(const RunResult& run);
  const std::string& of(const ScenarioResult& result) const { return anchors_.at(&result); }

 private:
  std::map<const ScenarioResult*, std::string> anchors_;
};

/// The runs of one scenario.
struct Requirement {
  const Scenario* scenario = nullptr;
  std::vector<const ScenarioResult*> runs{};
  const ScenarioResult* worst = nullptr;
  Totals totals{};
};

/// In the order of the results.
std::vector<Requirement> requirements_of(const RunResult& run);

/// Why the requirement has that standing, on one line: what happened, what was not provided, how
/// often. May be empty where it holds.
std::string reason_of(const Requirement& requirement);

void write_catalogue(HtmlWriter& html, const std::vector<Requirement>& requirements,
                     const Anchors& anchors);

}  // namespace dialtone::html
