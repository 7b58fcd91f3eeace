// A server that listens on IPv6 is checked like any other, from a source port that it sees too.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "harness/cli/e2e_support.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {
namespace {

using testing::IsEmpty;
using testing::IsSupersetOf;

class Ipv6ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto trouble = family_trouble(*SocketAddress::from_host("::1", 0));
    if (trouble) GTEST_SKIP() << *trouble;
  }

  /// The article's suite against `dialtone serve` on [::1].
  ProgramResult run() {
    const auto profile = dir_.write(
        "profile.json",
        fmt::format(R"({{"address": "[::1]:${{port}}", "provides": ["request_reply", "loop"],
                        "start": {{"command": ["{}", "serve", "--bind", "::1", "--port",
                        "${{port}}"], "ready_within": "30s"}}}})",
                    DIALTONE_BINARY));
    return run_dialtone({"run", kArticle, "--target", profile});
  }

  TemporaryDirectory dir_;
};

TEST_F(Ipv6ServerTest, OfTheArticlePassesAndSeesTheBoundPort) {
  const auto result = run();
  EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("pass", result.out), IsSupersetOf({"ART-01", "ART-31", "ART-34"}));
}

// As redis does it. It is seen to listen once it has the first.
constexpr std::string_view kOneSocketAFamily = R"(
import selectors, socket, sys, time
port = int(sys.argv[1])
def listener(family, host):
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((host, port))
    server.listen(8)
    return server
listeners = [listener(socket.AF_INET, '127.0.0.1')]
time.sleep(0.3)
listeners.append(listener(socket.AF_INET6, '::1'))
loop = selectors.DefaultSelector()
for each in listeners:
    loop.register(each, selectors.EVENT_READ)
while True:
    for key, events in loop.select():
        if key.fileobj in listeners:
            loop.register(key.fileobj.accept()[0], selectors.EVENT_READ)
        else:
            octets = key.fileobj.recv(100)
            if octets:
                key.fileobj.sendall(octets)
            else:
                loop.unregister(key.fileobj)
                key.fileobj.close()
)";

TEST_F(Ipv6ServerTest, OneThatBindsOneSocketForEachFamilyIsGivenTheTimeForBoth) {
  if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  const auto profile = dir_.write(
      "profile.json", fmt::format(R"({{"address": "127.0.0.1:${{port}}", "provides": ["ipv6"],
                      "start": {{"command": ["{}", "{}", "${{port}}"], "ready_within": "30s"}},
                      "parameters": {{"request": "x\n", "reply": "x\n"}}}})",
                                  python(), dir_.write("server.py", kOneSocketAFamily)));
  const auto result = run_dialtone({"run", DIALTONE_SOURCE_DIR "/scenarios/robust/clients.json",
                                    "--target", profile, "--filter", "ROB-26"});
  EXPECT_EQ(told_by(result.out).at("ROB-26").verdict, "pass") << result.out << result.err;
}

}  // namespace
}  // namespace dialtone
