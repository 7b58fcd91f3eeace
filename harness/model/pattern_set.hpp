#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// Finds any of many octet strings in a stream that may be cut anywhere, in one pass (Aho and
/// Corasick, 1975).
class PatternSet {
 public:
  /// Where a stream stands; the first one is State().
  using State = std::uint32_t;

  struct Pattern {
    Bytes octets;
    std::size_t owner;  ///< whatever the caller likes
  };
  struct Match {
    std::size_t length = 0;  ///< of the longest pattern that ends here; 0: none
    std::size_t owner = 0;
  };

  /// Empty patterns are ignored.
  explicit PatternSet(const std::vector<Pattern>& patterns);

  State next(State state, char octet) const;
  Match match(State state) const { return nodes_[state].match; }
  /// How many of the last octets may be the begin of a pattern, or all of one.
  std::size_t depth(State state) const { return nodes_[state].depth; }
  /// Octets of the longest pattern.
  std::size_t deepest() const;

 private:
  struct Node {
    std::vector<std::pair<char, State>> children{};
    State fallback = 0;  // the longest proper end of what leads here that begins a pattern too
    std::size_t depth = 0;
    Match match{};
  };

  /// 0 where there is none.
  State child(State state, char octet) const;
  void add(const Pattern& pattern);
  void link();

  std::vector<Node> nodes_;
};

}  // namespace dialtone
