#include "reports/tcp_flow.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/pcapng_reading.hpp"

namespace dialtone::pcapng {
namespace {

using testing::ElementsAre;

class TcpFlowTest : public testing::Test {
 protected:
  static NetworkAddress at(const char* text) { return parse_network_address(text).value(); }

  TcpFlow flow_{at("127.0.0.1:40000"), at("127.0.0.1:80"), 0};
};

TEST_F(TcpFlowTest, ShakesHandsWithNumbersThatFitTogether) {
  const auto [first, second, third] = flow_.handshake(Side::kOurs);
  EXPECT_EQ(read_packet(first).flags, "S");
  EXPECT_EQ(read_packet(first).acknowledgement, 0U);
  EXPECT_EQ(read_packet(first).from_port, 40000);
  EXPECT_EQ(read_packet(second).flags, "SA");
  EXPECT_EQ(read_packet(second).from_port, 80);
  EXPECT_EQ(read_packet(second).acknowledgement, read_packet(first).sequence + 1);
  EXPECT_EQ(read_packet(third).flags, "A");
  EXPECT_EQ(read_packet(third).sequence, read_packet(first).sequence + 1);
  EXPECT_EQ(read_packet(third).acknowledgement, read_packet(second).sequence + 1);
}

TEST_F(TcpFlowTest, ThePeerMayHaveCalled) {
  const auto packets = flow_.handshake(Side::kTheirs);
  EXPECT_EQ(read_packet(packets[0]).from_port, 80);
  EXPECT_EQ(read_packet(packets[1]).from_port, 40000);
}

TEST_F(TcpFlowTest, CutsOctetsIntoSegmentsAndPushesTheLast) {
  flow_.handshake(Side::kOurs);
  const Bytes octets = Bytes(1460, 'a') + Bytes(1460, 'b') + "c";
  Bytes joined;
  std::vector<std::string> flags;
  std::uint32_t next = 1001;
  for (const auto& packet : flow_.data(Side::kOurs, octets)) {
    const auto read = read_packet(packet);
    EXPECT_EQ(read.sequence, next);
    EXPECT_LE(packet.size(), 1500U);
    next += static_cast<std::uint32_t>(read.payload.size());
    joined += read.payload;
    flags.push_back(read.flags);
  }
  EXPECT_EQ(joined, octets);
  EXPECT_THAT(flags, ElementsAre("A", "A", "PA"));
  EXPECT_EQ(read_packet(flow_.data(Side::kTheirs, "x").at(0)).acknowledgement, next);
}

TEST_F(TcpFlowTest, AFinTakesANumberAndEndsItsDirectionOnly) {
  flow_.handshake(Side::kOurs);
  EXPECT_EQ(read_packet(flow_.fin(Side::kOurs)).flags, "FA");
  EXPECT_TRUE(flow_.has_ended(Side::kOurs));
  EXPECT_TRUE(flow_.data(Side::kOurs, "late").empty());
  const auto reply = read_packet(flow_.data(Side::kTheirs, "x").at(0));
  EXPECT_EQ(reply.acknowledgement, 1002U);
}

TEST_F(TcpFlowTest, AResetEndsBothDirections) {
  flow_.handshake(Side::kOurs);
  EXPECT_EQ(read_packet(flow_.reset(Side::kTheirs)).flags, "RA");
  EXPECT_TRUE(flow_.is_reset());
  EXPECT_TRUE(flow_.has_ended(Side::kOurs));
  EXPECT_TRUE(flow_.data(Side::kOurs, "late").empty());
}

TEST_F(TcpFlowTest, ARefusalAnswersTheSynAndHasNoNumber) {
  const auto syn = read_packet(flow_.syn(Side::kOurs));
  const auto refusal = read_packet(flow_.refusal(Side::kOurs));
  EXPECT_EQ(refusal.flags, "RA");
  EXPECT_EQ(refusal.sequence, 0U);
  EXPECT_EQ(refusal.acknowledgement, syn.sequence + 1);
}

TEST_F(TcpFlowTest, AnotherFlowBeginsElsewhere) {
  TcpFlow second(at("127.0.0.1:40000"), at("127.0.0.1:80"), 1);
  EXPECT_NE(read_packet(second.syn(Side::kOurs)).sequence,
            read_packet(flow_.syn(Side::kOurs)).sequence);
}

}  // namespace
}  // namespace dialtone::pcapng
