#include "harness/net/inet_diag.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace dialtone::inet_diag {
namespace {

using ::testing::SizeIs;

constexpr std::uint32_t kSequence = 7;

template <class T>
std::string octets(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string message(std::uint16_t type, std::uint16_t flags, const std::string& payload,
                    std::uint32_t sequence = kSequence) {
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size());
  header.nlmsg_type = type;
  header.nlmsg_flags = flags;
  header.nlmsg_seq = sequence;
  auto text = octets(header) + payload;
  text.resize(NLMSG_ALIGN(text.size()));
  return text;
}

inet_diag_msg established() {
  inet_diag_msg body{};
  body.idiag_family = AF_INET;
  body.idiag_state = 1;
  body.id.idiag_sport = htons(7788);
  body.id.idiag_dport = htons(40000);
  body.id.idiag_src[0] = htonl(0x7f000001);
  body.id.idiag_dst[0] = htonl(0x7f000002);
  body.idiag_rqueue = 3;
  body.idiag_wqueue = 4;
  body.idiag_uid = 5;
  body.idiag_inode = 6;
  return body;
}

std::string row(std::uint16_t flags, const inet_diag_msg& body = established()) {
  return message(SOCK_DIAG_BY_FAMILY, flags, octets(body));
}

std::string end(std::uint16_t type, int code) { return message(type, NLM_F_MULTI, octets(code)); }

Reply parsed(std::string_view datagram) {
  Reply reply;
  parse(datagram, kSequence, reply);
  return reply;
}

TEST(InetDiagParseTest, ReadsEveryFieldOfARow) {
  const auto reply = parsed(row(0));
  ASSERT_THAT(reply.rows, SizeIs(1));
  const auto& found = reply.rows.front();
  EXPECT_EQ(found.local.to_string(), "127.0.0.1:7788");
  EXPECT_EQ(found.peer.to_string(), "127.0.0.2:40000");
  EXPECT_EQ(found.state, TcpState::kEstablished);
  EXPECT_EQ(found.receive_queue, 3U);
  EXPECT_EQ(found.send_queue, 4U);
  EXPECT_EQ(found.uid, 5U);
  EXPECT_EQ(found.inode, 6U);
}

TEST(InetDiagParseTest, ShowsMappedIpv4AsIpv4AndIpv6AsItself) {
  auto body = established();
  body.idiag_family = AF_INET6;
  std::memset(body.id.idiag_src, 0, sizeof body.id.idiag_src);
  body.id.idiag_src[3] = htonl(1);
  body.id.idiag_dst[0] = 0;
  body.id.idiag_dst[2] = htonl(0xffff);
  body.id.idiag_dst[3] = htonl(0x0a000001);
  const auto reply = parsed(row(0, body));
  ASSERT_THAT(reply.rows, SizeIs(1));
  EXPECT_EQ(reply.rows.front().local.to_string(), "[::1]:7788");
  EXPECT_EQ(reply.rows.front().peer.to_string(), "10.0.0.1:40000");
}

/// Of fe80::1 at both ends, on interface 1.
inet_diag_msg link_local() {
  auto body = established();
  body.idiag_family = AF_INET6;
  for (auto* host : {body.id.idiag_src, body.id.idiag_dst}) {
    std::fill_n(host, 4, 0U);
    host[0] = htonl(0xfe800000);
    host[3] = htonl(1);
  }
  body.id.idiag_if = 1;
  return body;
}

TEST(InetDiagParseTest, ALinkLocalAddressHasItsInterface) {
  const auto reply = parsed(row(0, link_local()));
  ASSERT_THAT(reply.rows, SizeIs(1));
  EXPECT_EQ(reply.rows.front().local, SocketAddress::from_host("fe80::1%lo", 7788));
  EXPECT_EQ(reply.rows.front().peer, SocketAddress::from_host("fe80::1%lo", 40000));
}

TEST(InetDiagParseTest, NoOtherAddressHasAnInterface) {
  auto body = link_local();
  body.id.idiag_src[0] = 0;
  const auto reply = parsed(row(0, body));
  ASSERT_THAT(reply.rows, SizeIs(1));
  EXPECT_EQ(reply.rows.front().local, SocketAddress::from_host("::1", 7788));
}

TEST(InetDiagEncodeTest, LookupNamesTheInterfaceOfALinkLocalAddress) {
  const auto asked_on = [](const char* host) {
    const auto address = SocketAddress::from_host(host, 7788).value();
    inet_diag_req_v2 body;
    std::memcpy(&body, encode_lookup(address, address, kSequence).data() + NLMSG_HDRLEN,
                sizeof body);
    return body.id.idiag_if;
  };
  EXPECT_EQ(asked_on("fe80::1%lo"), 1U);
  EXPECT_EQ(asked_on("::1"), 0U);
  EXPECT_EQ(asked_on("127.0.0.1"), 0U);
}

TEST(InetDiagParseTest, LookupIsDoneAfterItsOneMessage) { EXPECT_TRUE(parsed(row(0)).done); }

TEST(InetDiagParseTest, DumpIsDoneOnlyWithItsEnd) {
  EXPECT_FALSE(parsed(row(NLM_F_MULTI) + row(NLM_F_MULTI)).done);
  const auto reply = parsed(row(NLM_F_MULTI) + row(NLM_F_MULTI) + end(NLMSG_DONE, 0));
  EXPECT_TRUE(reply.done);
  EXPECT_EQ(reply.error, 0);
  EXPECT_THAT(reply.rows, SizeIs(2));
}

TEST(InetDiagParseTest, KeepsTheErrnoOfARefusal) {
  for (const auto type : {NLMSG_ERROR, NLMSG_DONE}) {
    const auto reply = parsed(end(static_cast<std::uint16_t>(type), -ENOENT));
    EXPECT_TRUE(reply.done);
    EXPECT_EQ(reply.error, ENOENT);
  }
}

TEST(InetDiagParseTest, NoticesAnInterruptedDump) {
  EXPECT_FALSE(parsed(row(NLM_F_MULTI)).interrupted);
  EXPECT_TRUE(parsed(row(NLM_F_MULTI | NLM_F_DUMP_INTR)).interrupted);
}

TEST(InetDiagParseTest, LeavesOutTheAnswerToAnotherRequest) {
  const auto reply = parsed(message(SOCK_DIAG_BY_FAMILY, 0, octets(established()), kSequence - 1));
  EXPECT_THAT(reply.rows, SizeIs(0));
  EXPECT_FALSE(reply.done);
}

TEST(InetDiagParseTest, LeavesOutStatesThatItDoesNotKnow) {
  auto body = established();
  body.idiag_state = 13;  // BOUND_INACTIVE of newer kernels
  EXPECT_THAT(parsed(row(0, body)).rows, SizeIs(0));
}

TEST(InetDiagParseTest, RefusesEveryCutOfAMessage) {
  const auto whole = row(0);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto reply = parsed(std::string_view(whole).substr(0, size));
    EXPECT_EQ(reply.error, EBADMSG) << size;
    EXPECT_THAT(reply.rows, SizeIs(0)) << size;
    EXPECT_TRUE(reply.done) << size;
  }
}

TEST(InetDiagParseTest, RefusesABodyThatIsTooShort) {
  const auto reply = parsed(message(SOCK_DIAG_BY_FAMILY, 0, std::string(10, 'x')));
  EXPECT_EQ(reply.error, EBADMSG);
  EXPECT_TRUE(reply.done);
}

TEST(InetDiagEncodeTest, LookupNamesThePairInNetworkOrder) {
  const auto text = encode_lookup(SocketAddress::ipv4(0x7f000001, 7788),
                                  SocketAddress::ipv4(0x7f000002, 40000), kSequence);
  nlmsghdr header{};
  inet_diag_req_v2 body{};
  ASSERT_EQ(text.size(), sizeof header + sizeof body);
  std::memcpy(&header, text.data(), sizeof header);
  std::memcpy(&body, text.data() + sizeof header, sizeof body);
  EXPECT_EQ(header.nlmsg_len, text.size());
  EXPECT_EQ(header.nlmsg_seq, kSequence);
  EXPECT_EQ(header.nlmsg_flags & NLM_F_DUMP, 0) << "a lookup, not a dump";
  EXPECT_EQ(body.sdiag_family, AF_INET);
  EXPECT_EQ(body.id.idiag_src[0], htonl(0x7f000001));
  EXPECT_EQ(body.id.idiag_dst[0], htonl(0x7f000002));
  EXPECT_EQ(body.id.idiag_sport, htons(7788));
  EXPECT_EQ(body.id.idiag_dport, htons(40000));
  EXPECT_EQ(body.id.idiag_cookie[0], INET_DIAG_NOCOOKIE);
}

}  // namespace
}  // namespace dialtone::inet_diag
