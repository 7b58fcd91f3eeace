// Writes the characters of GBK's two-octet codes, in their order, for a program that cannot count
// on finding iconv's files: 0 where a code is not assigned.
#include <cstdio>

#include "harness/model/gbk_table.hpp"

int main() {
  const auto& table = dialtone::gbk_table();
  for (unsigned lead = 0x81; lead <= 0xfe; ++lead) {
    for (unsigned trail = 0x40; trail <= 0xfe; ++trail)
      std::printf("0x%x,", static_cast<unsigned>(table.character(lead, trail)));
    std::puts("");
  }
  return 0;
}
