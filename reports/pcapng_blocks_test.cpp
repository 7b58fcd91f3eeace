#include "reports/pcapng_blocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/pcapng_reading.hpp"

namespace dialtone::pcapng {
namespace {

using testing::ElementsAre;

Bytes section(const Section& section) {
  std::ostringstream out;
  write_section(out, section);
  return out.str();
}

Bytes packet(const PacketBlock& block) {
  std::ostringstream out;
  write_packet(out, block);
  return out.str();
}

TEST(PcapngBlocksTest, ASectionIsLaidOutAsTheSpecificationSays) {
  EXPECT_EQ(to_hex(section({.comments = {"abcde"}, .application = "D"})),
            "0a 0d 0d 0a 34 00 00 00 4d 3c 2b 1a 01 00 00 00 ff ff ff ff ff ff ff ff "
            "01 00 05 00 61 62 63 64 65 00 00 00 04 00 01 00 44 00 00 00 00 00 00 00 34 00 00 00");
}

TEST(PcapngBlocksTest, AnInterfaceCountsInNanosecondsAndIsForRawPackets) {
  std::ostringstream out;
  write_interface(out, {.name = "n", .description = "made up"});
  const auto block = read_blocks(out.str()).at(0);
  EXPECT_EQ(to_hex(block.fixed), "65 00 00 00 00 00 00 00");
  EXPECT_THAT(block.values(2), ElementsAre("n"));
  EXPECT_THAT(block.values(3), ElementsAre("made up"));
  EXPECT_THAT(block.values(9), ElementsAre("\x09"));
}

TEST(PcapngBlocksTest, APacketKeepsItsTimeItsDirectionAndItsComments) {
  const auto octets = packet({.at_ns = 0x0123456789abcdef,
                              .inbound = true,
                              .octets = "12345",
                              .comments = {"first", "second"}});
  const auto block = read_blocks(octets).at(0);
  EXPECT_EQ(to_hex(block.fixed), "00 00 00 00 67 45 23 01 ef cd ab 89 05 00 00 00 05 00 00 00");
  EXPECT_EQ(block.packet, "12345");
  EXPECT_THAT(block.comments(), ElementsAre("first", "second"));
  EXPECT_EQ(to_hex(block.values(2).at(0)), "01 00 00 00");
  EXPECT_EQ(to_hex(read_blocks(packet({.octets = "x"})).at(0).values(2).at(0)), "02 00 00 00");
}

TEST(PcapngBlocksTest, ATimeBeforeTheEpochIsTheEpoch) {
  const auto block = read_blocks(packet({.at_ns = -1, .octets = "x"})).at(0);
  EXPECT_EQ(to_hex(block.fixed.substr(4, 8)), "00 00 00 00 00 00 00 00");
}

TEST(PcapngBlocksTest, ACommentThatIsTooLongIsCutBeforeACharacter) {
  const auto block =
      read_blocks(section({.comments = {Bytes(65'534, 'a') + "\xe4\xbd\xa0"}})).at(0);
  EXPECT_EQ(block.comments().at(0), Bytes(65'534, 'a'));
  const auto whole = read_blocks(section({.comments = {Bytes(65'535, 'a')}})).at(0);
  EXPECT_EQ(whole.comments().at(0).size(), 65'535U);
}

}  // namespace
}  // namespace dialtone::pcapng
