// `dialtone serve --udp` as a program, and as the target of a profile that waits for its UDP
// socket.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kService = DIALTONE_SOURCE_DIR "/scenarios/udp/service.json";

/// A profile that launches `dialtone serve --udp` with these words besides.
std::string profile(std::string_view more) {
  return fmt::format(R"({{
    "address": "127.0.0.1:${{port}}",
    "start": {{ "command": ["{}", "serve", "--udp", "--port", "${{port}}"{}], "ready": "datagrams" }},
    "encoding": "gbk",
    "parameters": {{
      "datagram_request": "你好啊",
      "datagram_reply": "我很好,你呢",
      "datagram_second_request": "你在么?",
      "datagram_second_reply": "thank you !",
      "datagram_long_request": ["a", {{ "repeat": "你", "times": 642 }}],
      "datagram_long_reply": "thank you !",
      "datagram_bad_request": {{ "hex": "ff ff 0a" }}
    }}
  }})",
                     DIALTONE_BINARY, more);
}

TEST(E2eUdpTest, FaultsOfTheUdpServerAreListed) {
  const auto list = run_dialtone({"serve", "--list-faults"});
  EXPECT_THAT(list.out, HasSubstr("of the UDP server"));
  EXPECT_THAT(list.out, HasSubstr("connect-first"));
}

TEST(E2eUdpTest, AnUnknownFaultIsAMistake) {
  const auto result = run_dialtone({"serve", "--udp", "--port", "0", "--fault", "connect-frist"});
  EXPECT_THAT(result.err, HasSubstr("did you mean 'connect-first'?"));
}

TEST(E2eUdpTest, ALaunchedServerIsReadyOnceItOwnsItsSocket) {
  const TemporaryDirectory dir;
  const auto result =
      run_dialtone({"run", kService, "--target", dir.write("good.json", profile(""))});
  EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_EQ(ids_with("pass", result.out).size(), 10U) << result.out;
}

TEST(E2eUdpTest, AServerThatDiesOnBadOctetsIsFoundAsAProgramToo) {
  const TemporaryDirectory dir;
  const auto file = dir.write("bad.json", profile(R"(, "--fault", "crash-decode")"));
  const auto result = run_dialtone({"run", kService, "--target", file});
  EXPECT_THAT(ids_with("FAIL", result.out), ElementsAre("UDP-09")) << result.out;
}

TEST(E2eUdpTest, AServerThatNeverOpensItsSocketIsAnErrorAndNoFailure) {
  const TemporaryDirectory dir;
  const auto file = dir.write("deaf.json", R"({
    "address": "127.0.0.1:${port}",
    "start": { "command": ["/bin/sleep", "60"], "ready": "datagrams", "ready_within": "100ms" },
    "parameters": { "datagram_request": "x", "datagram_reply": "y" }
  })");
  const auto result = run_dialtone({"run", kService, "--target", file, "--filter", "UDP-03"});
  EXPECT_THAT(ids_with("ERROR", result.out), ElementsAre("UDP-03")) << result.out;
  EXPECT_THAT(result.out, HasSubstr("it has no UDP socket there"));
}

}  // namespace
}  // namespace dialtone
