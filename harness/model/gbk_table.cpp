#include "harness/model/gbk_table.hpp"

#include "harness/model/iconv_converter.hpp"

namespace dialtone {

GbkTable::GbkTable() {
  IconvConverter iconv(kIconvInternal, "GBK");
  for (unsigned lead = kFirstLead; lead <= kLastLead; ++lead)
    for (unsigned trail = kFirstTrail; trail <= kLastTrail; ++trail) add(iconv, lead, trail);
}

void GbkTable::add(IconvConverter& iconv, unsigned lead, unsigned trail) {
  const std::array<char, 2> code{static_cast<char>(lead), static_cast<char>(trail)};
  const auto found = iconv.to_character({code.data(), code.size()});
  if (!found || *found >= codes_.size()) return;
  characters_[(lead - kFirstLead) * kTrails + trail - kFirstTrail] = static_cast<char16_t>(*found);
  codes_[*found] = static_cast<std::uint16_t>(lead << 8 | trail);
}

const GbkTable& gbk_table() {
  static const GbkTable table;
  return table;
}

}  // namespace dialtone
