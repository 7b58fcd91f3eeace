#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// Keeps the beginning and the end of a stream of any length in bounded memory, and counts what it
/// dropped between them.
class HeadTail {
 public:
  static constexpr std::size_t kDefaultPart = std::size_t{32} * 1024;

  /// At most `part` octets of the beginning, and as many of the end.
  explicit HeadTail(std::size_t part = kDefaultPart) : part_(part) {}

  void append(ByteView chunk);

  /// What was kept, with a line "[... N bytes dropped ...]" in the place of what was not.
  Bytes text() const;

  /// Whether octets were dropped of what became this text(), by its size: nothing else makes it
  /// longer than both parts.
  static bool lacks_octets(ByteView text, std::size_t part = kDefaultPart) {
    return text.size() > 2 * part;
  }

  std::uint64_t total() const { return total_; }
  std::uint64_t dropped() const { return total_ - head_.size() - kept_tail().size(); }

 private:
  ByteView kept_tail() const;

  std::size_t part_;
  std::uint64_t total_ = 0;
  Bytes head_;
  Bytes tail_;  ///< up to twice `part_`: it is cut rarely, so that an octet is moved once
};

}  // namespace dialtone
