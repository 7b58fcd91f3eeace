#include "harness/model/gbk_table.hpp"

#include <iterator>

#include "harness/model/iconv_converter.hpp"

namespace dialtone {

#ifdef DIALTONE_GBK_CODES
namespace {

// Of a static program, whose iconv finds no files: what the constructor below has found when it was
// built.
constexpr char16_t kBuiltIn[] = {
#include DIALTONE_GBK_CODES
};

}  // namespace

GbkTable::GbkTable() {
  const auto* character = std::begin(kBuiltIn);
  for (unsigned lead = kFirstLead; lead <= kLastLead; ++lead)
    for (unsigned trail = kFirstTrail; trail <= kLastTrail; ++trail) add(lead, trail, *character++);
}
#else
GbkTable::GbkTable() {
  IconvConverter iconv(kIconvInternal, "GBK");
  for (unsigned lead = kFirstLead; lead <= kLastLead; ++lead) {
    for (unsigned trail = kFirstTrail; trail <= kLastTrail; ++trail) {
      const std::array<char, 2> code{static_cast<char>(lead), static_cast<char>(trail)};
      add(lead, trail, iconv.to_character({code.data(), code.size()}).value_or(0));
    }
  }
}
#endif

void GbkTable::add(unsigned lead, unsigned trail, char32_t character) {
  if (character == 0 || character >= codes_.size()) return;
  characters_[(lead - kFirstLead) * kTrails + trail - kFirstTrail] =
      static_cast<char16_t>(character);
  codes_[character] = static_cast<std::uint16_t>(lead << 8 | trail);
}

const GbkTable& gbk_table() {
  static const GbkTable table;
  return table;
}

}  // namespace dialtone
