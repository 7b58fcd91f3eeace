#include "harness/net/head_tail.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/dropped.hpp"

namespace dialtone {

void HeadTail::append(ByteView chunk) {
  total_ += chunk.size();
  const auto into_head = std::min(part_ - head_.size(), chunk.size());
  head_.append(chunk.substr(0, into_head));
  chunk.remove_prefix(into_head);
  if (chunk.size() > part_) chunk.remove_prefix(chunk.size() - part_);
  if (tail_.size() + chunk.size() > 2 * part_) tail_.erase(0, tail_.size() - part_);
  tail_.append(chunk);
}

Bytes HeadTail::text() const {
  const auto tail = kept_tail();
  if (dropped() == 0) return head_ + Bytes(tail);
  return fmt::format("{}\n{}\n{}", head_, dropped_mark(dropped()), tail);
}

ByteView HeadTail::kept_tail() const {
  const ByteView tail = tail_;
  return tail.substr(tail.size() - std::min(part_, tail.size()));
}

}  // namespace dialtone
