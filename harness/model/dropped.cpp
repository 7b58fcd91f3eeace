#include "harness/model/dropped.hpp"

#include <fmt/format.h>

#include <string_view>

namespace dialtone {
namespace {

constexpr std::string_view kBefore = "[... ";
constexpr std::string_view kAfter = " bytes dropped ...]";

}  // namespace

std::string dropped_mark(std::uint64_t octets) {
  return fmt::format("{}{}{}", kBefore, octets, kAfter);
}

std::optional<DroppedPart> find_dropped(ByteView text, std::size_t from) {
  for (auto at = text.find(kBefore, from); at != ByteView::npos; at = text.find(kBefore, at + 1)) {
    const auto digits = at + kBefore.size();
    const auto after = text.find_first_not_of("0123456789", digits);
    if (after == ByteView::npos || after == digits) continue;
    if (!text.substr(after).starts_with(kAfter)) continue;
    DroppedPart part{at, after + kAfter.size()};
    if (part.begin > from && text[part.begin - 1] == '\n') --part.begin;
    if (part.end < text.size() && text[part.end] == '\n') ++part.end;
    return part;
  }
  return std::nullopt;
}

}  // namespace dialtone
