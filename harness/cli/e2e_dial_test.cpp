// `dialtone dial`: the article's client, for a learner at a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

TEST(DialTest, AsksForAddressPortAndText) {
  Program server(dialtone_command({"serve", "--port", "0", "--once"}));
  const auto port = server.line_after("listening on 127.0.0.1:");
  ASSERT_NE(port, "");
  const auto result = run_dialtone({"dial"}, "127.0.0.1\n" + port + "\n你好啊\n");
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_EQ(result.out, "server's address: server's port: text to send: 我很好,你呢\n");
  EXPECT_EQ(result.err, "the server closed the connection (FIN) after 11 octets\n");
  const auto served = server.finish();
  EXPECT_EQ(served.exit_code, 0) << served.how << served.err;
  EXPECT_THAT(served.out, HasSubstr(" sent: 你好啊\n"));
}

TEST(DialTest, AsksOnlyForWhatWasNotGiven) {
  Program server(dialtone_command({"serve", "--port", "0", "--once"}));
  const auto port = server.line_after("listening on 127.0.0.1:");
  ASSERT_NE(port, "");
  const auto result = run_dialtone({"dial", "127.0.0.1", port}, "你在么?\r\n");
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_EQ(result.out, "text to send: thank you !\n");
}

TEST(DialTest, ARefusedCallIsCalledRefused) {
  const HeldPort nobody;
  const auto port = std::to_string(nobody.port());
  const auto result = run_dialtone({"dial", "127.0.0.1", port, "hello"});
  EXPECT_EQ(result.exit_code, 1) << result.how;
  EXPECT_EQ(result.err, "cannot connect to 127.0.0.1:" + port + ": refused (ECONNREFUSED)\n");
  EXPECT_EQ(result.out, "");
}

struct BadCall {
  std::string name;
  Words arguments;
  Bytes input;
  std::string message;
};

void PrintTo(const BadCall& call, std::ostream* out) { *out << call.name; }

class DialMistake : public testing::TestWithParam<BadCall> {};

TEST_P(DialMistake, IsAUsageMistakeWithASentence) {
  const auto result = run_dialtone(GetParam().arguments, GetParam().input);
  EXPECT_EQ(result.exit_code, 2) << result.how << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, DialMistake,
    testing::Values(
        BadCall{"PortZero", {"dial", "127.0.0.1", "0", "x"}, "", "'0' is no port"},
        BadCall{"PortTooHigh", {"dial", "127.0.0.1", "65536", "x"}, "", "'65536' is no port"},
        BadCall{"PortOfLetters", {"dial", "127.0.0.1", "http", "x"}, "", "'http' is no port"},
        BadCall{"PortTypedBadly", {"dial", "127.0.0.1"}, "77 88\nhello\n", "'77 88' is no port"},
        BadCall{"AddressOfLetters", {"dial", "localhost.", "7788", "x"}, "", "is no IP address"},
        BadCall{"EndOfInput", {"dial"}, "127.0.0.1\n", "the input ended"},
        BadCall{"EmptyText", {"dial", "127.0.0.1", "7788"}, "\n", "there is nothing to send"},
        BadCall{"BadLimit",
                {"dial", "127.0.0.1", "7788", "x", "--within", "5"},
                "",
                "bad duration '5'"},
        BadCall{"UnknownFault",
                {"dial", "127.0.0.1", "7788", "x", "--fault", "nope"},
                "",
                "unknown fault 'nope'"}),
    [](const auto& tested) { return tested.param.name; });

TEST(DialTest, ATextThatGbkCannotHoldIsNotSent) {
  const HeldPort nobody;
  const auto result = run_dialtone({"dial", "127.0.0.1", std::to_string(nobody.port()), "☃"});
  EXPECT_EQ(result.exit_code, 1) << result.how;
  EXPECT_THAT(result.err, HasSubstr("U+2603"));
}

// Takes one call and ends it as its argument says.
constexpr std::string_view kPeer = R"(
import socket, struct, sys
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(1)
print('port %d' % server.getsockname()[1], flush=True)
client, address = server.accept()
client.recv(1024)
if sys.argv[1] in ('reply', 'odd'):
    client.sendall(b'\xff\xff' if sys.argv[1] == 'odd' else b'12345')
if sys.argv[1] == 'reset':
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
if sys.argv[1] == 'silent':
    client.recv(1024)
client.close()
)";

struct PeerEnding {
  std::string peer;
  int exit_code;
  Bytes out;
  Bytes err;
};

void PrintTo(const PeerEnding& ending, std::ostream* out) { *out << ending.peer; }

class DialEnding : public testing::TestWithParam<PeerEnding> {};

TEST_P(DialEnding, IsToldApart) {
  if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  const TemporaryDirectory dir;
  Command command;
  command.argv = {python(), dir.write("peer.py", kPeer), GetParam().peer};
  Program peer(command);
  const auto port = peer.line_after("port ");
  ASSERT_NE(port, "");
  const auto limit = GetParam().peer == "silent" ? "100ms" : "60s";
  const auto result = run_dialtone({"dial", "127.0.0.1", port, "hello", "--within", limit});
  EXPECT_EQ(result.exit_code, GetParam().exit_code) << result.how;
  EXPECT_EQ(result.out, GetParam().out);
  EXPECT_EQ(result.err, GetParam().err);
}

INSTANTIATE_TEST_SUITE_P(
    Peers, DialEnding,
    testing::Values(
        PeerEnding{"reply", 0, "12345\n",
                   "the server closed the connection (FIN) after 5 octets\n"},
        PeerEnding{"close", 1, "", "the server closed the connection (FIN) after 0 octets\n"},
        PeerEnding{"reset", 1, "", "the server reset the connection (RST) after 0 octets\n"},
        PeerEnding{"silent", 1, "", "nothing more came in time after 0 octets\n"},
        PeerEnding{"odd", 1, "\\xff\\xff\n",
                   "the server closed the connection (FIN) after 2 octets; octet 1 begins no GBK "
                   "character\n"}),
    [](const auto& tested) { return tested.param.peer; });

}  // namespace
}  // namespace dialtone
