#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// "[... 5 bytes dropped ...]", which stands where octets of an output were not kept.
std::string dropped_mark(std::uint64_t octets);

/// Where such a mark stands in a text, with the LF on either side of it.
struct DroppedPart {
  std::size_t begin;
  std::size_t end;
};

/// The first one at or after `from`; nullopt where there is none.
std::optional<DroppedPart> find_dropped(ByteView text, std::size_t from);

}  // namespace dialtone
