#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dialtone {

/// Python's `gbk`, from iconv's GBK. Only two-octet codes enter the table, so what iconv has
/// besides, 0x80 for the euro sign and the silently dropped tag characters, stays out in both
/// directions.
class GbkTable {
 public:
  /// Throws std::runtime_error where the system's iconv lacks GBK.
  GbkTable();

  static bool is_lead(unsigned octet) { return octet >= kFirstLead && octet <= kLastLead; }

  /// 0x7f too, after which no code is assigned.
  static bool is_trail(unsigned octet) { return octet >= kFirstTrail && octet <= kLastTrail; }

  /// 0 where the code is not assigned.
  char16_t character(unsigned lead, unsigned trail) const {
    return characters_[(lead - kFirstLead) * kTrails + trail - kFirstTrail];
  }
  /// 0 where GBK does not have the character.
  unsigned code(char32_t character) const {
    return character < codes_.size() ? codes_[character] : 0;
  }

 private:
  static constexpr unsigned kFirstLead = 0x81, kLastLead = 0xfe;
  static constexpr unsigned kFirstTrail = 0x40, kLastTrail = 0xfe;
  static constexpr std::size_t kTrails = kLastTrail - kFirstTrail + 1;

  void add(unsigned lead, unsigned trail, char32_t character);

  std::array<char16_t, (kLastLead - kFirstLead + 1) * kTrails> characters_{};
  std::array<std::uint16_t, 0x10000> codes_{};
};

/// Made when the first text needs it: ASCII never does.
const GbkTable& gbk_table();

}  // namespace dialtone
