#include "harness/net/head_tail.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(HeadTailTest, KeepsEverythingUpToItsSize) {
  HeadTail kept(4);
  kept.append("abc");
  kept.append("");
  kept.append("defgh");
  EXPECT_EQ(kept.text(), "abcdefgh");
  EXPECT_EQ(kept.dropped(), 0U);
  EXPECT_FALSE(HeadTail::lacks_octets(kept.text(), 4));
}

TEST(HeadTailTest, DropsTheMiddleAndSaysHowMuch) {
  HeadTail kept(4);
  kept.append("abcdefghi");
  EXPECT_EQ(kept.text(), "abcd\n[... 1 bytes dropped ...]\nfghi");
  EXPECT_EQ(kept.dropped(), 1U);
  EXPECT_TRUE(HeadTail::lacks_octets(kept.text(), 4));
  EXPECT_EQ(kept.total(), 9U);
}

TEST(HeadTailTest, CutsOfTheStreamMakeNoDifference) {
  Bytes stream;
  for (int octet = 0; octet < 200; ++octet) stream.push_back(static_cast<char>(octet));
  HeadTail whole(16);
  whole.append(stream);
  for (std::size_t step = 1; step < stream.size(); ++step) {
    HeadTail cut(16);
    for (std::size_t at = 0; at < stream.size(); at += step)
      cut.append(ByteView(stream).substr(at, step));
    EXPECT_EQ(cut.text(), whole.text()) << step;
    EXPECT_EQ(cut.dropped(), 200U - 32U) << step;
  }
}

}  // namespace
}  // namespace dialtone
