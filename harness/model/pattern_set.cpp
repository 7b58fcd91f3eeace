#include "harness/model/pattern_set.hpp"

#include <algorithm>

namespace dialtone {

PatternSet::PatternSet(const std::vector<Pattern>& patterns) : nodes_(1) {
  for (const auto& pattern : patterns) add(pattern);
  link();
}

PatternSet::State PatternSet::child(State state, char octet) const {
  const auto& children = nodes_[state].children;
  const auto found = std::ranges::find(children, octet, &std::pair<char, State>::first);
  return found == children.end() ? 0 : found->second;
}

void PatternSet::add(const Pattern& pattern) {
  State state = 0;
  for (const char octet : pattern.octets) {
    auto to = child(state, octet);
    if (to == 0) {
      to = static_cast<State>(nodes_.size());
      nodes_[state].children.emplace_back(octet, to);
      nodes_.push_back({.depth = nodes_[state].depth + 1});
    }
    state = to;
  }
  if (state != 0) nodes_[state].match = {pattern.octets.size(), pattern.owner};
}

/// From the root outwards: the fallback of a node is shorter than what leads to it.
void PatternSet::link() {
  std::vector<State> order{0};
  for (std::size_t at = 0; at < order.size(); ++at) {
    const auto parent = order[at];
    for (const auto& [octet, to] : nodes_[parent].children) {
      order.push_back(to);
      auto& node = nodes_[to];
      if (parent != 0) node.fallback = next(nodes_[parent].fallback, octet);
      if (node.match.length == 0) node.match = nodes_[node.fallback].match;
    }
  }
}

PatternSet::State PatternSet::next(State state, char octet) const {
  while (true) {
    const auto to = child(state, octet);
    if (to != 0 || state == 0) return to;
    state = nodes_[state].fallback;
  }
}

std::size_t PatternSet::deepest() const { return std::ranges::max(nodes_, {}, &Node::depth).depth; }

}  // namespace dialtone
