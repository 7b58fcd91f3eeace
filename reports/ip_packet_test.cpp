#include "reports/ip_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/pcapng_reading.hpp"

namespace dialtone::pcapng {
namespace {

NetworkAddress at(std::string_view text) { return parse_network_address(text).value(); }

TEST(NetworkAddressTest, ReadsWhatEventsHave) {
  EXPECT_EQ(to_hex(at("127.0.0.1:80").host), "7f 00 00 01");
  EXPECT_EQ(at("127.0.0.1:65535").port, 65535);
  EXPECT_EQ(to_hex(at("[::1]:1").host), "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01");
  EXPECT_EQ(to_hex(at("[fe80::2%eth0]:1").host.substr(0, 2)), "fe 80");
  EXPECT_EQ(to_hex(at("[::ffff:10.0.0.1]:1").host), "0a 00 00 01");
  EXPECT_TRUE(at("0.0.0.0:1").is_any());
  EXPECT_TRUE(at("[::1]:1").is_loopback());
  EXPECT_TRUE(at("127.1.2.3:1").is_loopback());
  EXPECT_FALSE(at("128.0.0.1:1").is_loopback());
}

TEST(NetworkAddressTest, RefusesEverythingElse) {
  for (const auto* text : {"", ":", "unix:/tmp/a", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1:1 ", "::1:80", "name:80", "[]:80", "[::1:80"})
    EXPECT_FALSE(parse_network_address(text)) << text;
  EXPECT_FALSE(parse_network_address(std::string_view("127.0.0.1\0:80", 13)));
}

TEST(InternetChecksumTest, IsThatOfTheExampleOfTheRfc) {
  EXPECT_EQ(internet_checksum(from_hex("00 01 f2 03 f4 f5 f6 f7").value()), 0xffff & ~0xddf2);
  EXPECT_EQ(internet_checksum(from_hex("01").value()), 0xfeff);  // padded with a zero octet
}

TEST(TcpPacketTest, HasChecksumsThatHoldWhateverItsLength) {
  for (const auto* local : {"127.0.0.1:40000", "[2001:db8::1]:40000"}) {
    const auto from = at(local);
    const auto to = at(from.is_ipv4() ? "10.1.2.3:80" : "[::1]:80");
    for (std::size_t size = 0; size < 40; ++size) {
      const auto read = read_packet(tcp_packet(from, to,
                                               {.sequence = 7,
                                                .acknowledgement = 0xfffffffe,
                                                .flags = kAck,
                                                .payload = Bytes(size, 'z')}));
      EXPECT_EQ(read.sequence, 7U);
      EXPECT_EQ(read.acknowledgement, 0xfffffffeU);
      EXPECT_EQ(read.from, from.host);
      EXPECT_EQ(read.to_port, 80);
      EXPECT_EQ(read.payload, Bytes(size, 'z'));
    }
  }
}

TEST(TcpPacketTest, ASynAnnouncesTheSizeOfSegmentsAndAWindowThatIsNeverFull) {
  const auto packet = tcp_packet(at("127.0.0.1:1"), at("127.0.0.1:2"), {.flags = kSyn});
  EXPECT_EQ(to_hex(packet.substr(40)), "02 04 05 b4 01 03 03 0e");
  EXPECT_EQ(read_packet(packet).payload, "");
  EXPECT_EQ(segment_limit(at("[::1]:1")), 1440U);
}

TEST(UdpPacketTest, HasChecksumsThatHoldAndNoneThatMeansThatThereIsNone) {
  const auto from = at("127.0.0.1:1");
  EXPECT_EQ(read_packet(udp_packet(from, at("127.0.0.1:53"), "question")).payload, "question");
  EXPECT_EQ(read_packet(udp_packet(from, from, Bytes(datagram_limit(from), 'x'))).payload.size(),
            65'507U);
  // 7f00 0001 7f00 0001 0011 000a 0001 0001 000a and 01d6 add up to ffff: the sum would be 0.
  const auto without = udp_packet(from, from, from_hex("01 d6").value());
  EXPECT_EQ(to_hex(without.substr(26, 2)), "ff ff");
}

}  // namespace
}  // namespace dialtone::pcapng
