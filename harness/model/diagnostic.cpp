#include "harness/model/diagnostic.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

/// How many insertions, deletions, replacements and swaps of neighbours (each place at most once)
/// make one word the other: the "optimal string alignment" form of Damerau's distance.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[right.size()];
}

/// The distance of two lower-case words, or nullopt where it is too large for a misspelling: above
/// a third of the word, or so large that no letter is shared. Lengths that differ too much cost no
/// comparison, so that a hostile word of a megabyte is cheap.
std::optional<std::size_t> nearness(std::string_view word, std::string_view candidate) {
  const std::size_t limit = std::max<std::size_t>(word.size(), 3) / 3;
  const std::size_t longer = std::max(word.size(), candidate.size());
  const std::size_t shorter = std::min(word.size(), candidate.size());
  if (longer - shorter > limit) return std::nullopt;
  const std::size_t distance = edit_distance(word, candidate);
  if (distance > limit || distance >= longer) return std::nullopt;
  return distance;
}

const std::string* nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string lower = to_lower(word);
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const auto distance = nearness(lower, to_lower(candidate));
    if (!distance || (best != nullptr && *distance >= best_distance)) continue;
    best = &candidate;
    best_distance = *distance;
  }
  return best;
}

}  // namespace

std::string to_string(const SourceLocation& where) {
  if (where.line == 0) return where.file;
  return fmt::format("{}:{}:{}", where.file, where.line, where.column);
}

std::string render(const Diagnostic& diagnostic) {
  std::string out =
      printable(fmt::format("{}: {}", to_string(diagnostic.where), diagnostic.message)) + "\n";
  if (!diagnostic.hint.empty()) out += "  hint: " + printable(diagnostic.hint) + "\n";
  return out;
}

std::string suggest(std::string_view word, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "";
  const std::string* near = nearest(word, candidates);
  if (near != nullptr) return fmt::format("did you mean '{}'?", *near);
  return fmt::format("known: {}", fmt::join(candidates, ", "));
}

}  // namespace dialtone
