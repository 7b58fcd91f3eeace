// What tshark reads in the captures that are made of transcripts. ci/deps.sh installs it; without
// it the tests are skipped.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto kTshark = "/usr/bin/tshark";

// Answers each octet by ten; of 'r' by RST.
constexpr std::string_view kServer = R"(
import socket, struct
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(128)
print('port %d' % server.getsockname()[1], flush=True)
while True:
    client, address = server.accept()
    while data := client.recv(65536):
        if b'r' in data:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            break
        client.sendall(data * 10)
    client.close()
)";

// CAP-5: its second listener holds the port, and refuses no more than the first one did.
constexpr std::string_view kScenarios = R"(
 {"id": "CAP-1", "title": "octets, both ways", "source": "s", "steps": [
  {"connect": "c"}, {"send": {"hex": "00 ff 0a 1b 5b"}},
  {"expect": {"repeat": {"hex": "00 ff 0a 1b 5b"}, "times": 10}},
  {"send": {"repeat": "x", "times": 3000}}, {"expect": {"repeat": "x", "times": 30000}},
  {"shutdown": "c"}, {"expect_eof": "c"}]},
 {"id": "CAP-2", "title": "a reset", "source": "s", "steps": [
  {"connect": "c"}, {"send": "r"}, {"expect_reset": "c"}]},
 {"id": "CAP-3", "title": "refused", "source": "s", "steps": [
  {"socket": "dead", "bind": "127.0.0.1:0"},
  {"connect": "c", "to": "${dead.address}", "outcome": "refused"}]},
 {"id": "CAP-4", "title": "we listen, and two connections", "source": "s", "steps": [
  {"listen": "desk"}, {"connect": "a", "to": "${desk.address}"}, {"accept": "b", "on": "desk"},
  {"send": "ping", "on": "a"}, {"expect": "ping", "on": "b"}, {"reset": "b"},
  {"expect_reset": "a"}]},
 {"id": "CAP-5", "title": "silence fails", "source": "s", "steps": [
  {"connect": "c"}, {"expect": "never", "within": "50ms"}]})";

class TsharkTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kTshark)) GTEST_SKIP() << "tshark is not installed";
    if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
    Command command;
    command.argv = {python(), dir_.write("server.py", kServer)};
    Program server(command);
    const auto port = server.line_after("port ");
    const auto suite = dir_.write("suite.json", suite_json("caps", kScenarios));
    const auto result =
        run_dialtone({"run", suite, "--target", "127.0.0.1:" + port, "--report",
                      "pcapng=" + captures_, "--report", "json=" + dir_.path("run.json")});
    ASSERT_EQ(result.exit_code, 1) << result.out << result.err;
    ASSERT_THAT(result.out, HasSubstr("4 passed, 1 failed")) << result.err;
  }

  /// Its lines. Whatever the port, the octets are dissected as data, and not as another protocol's.
  Words tshark(const std::string& id, const Words& arguments) const {
    Command command;
    command.argv = {
        kTshark, "-n", "-r", captures_ + "/caps_" + id + ".pcapng", "-d", "tcp.port==1-65535,data"};
    for (const auto* option : {"ip.check_checksum:TRUE", "tcp.check_checksum:TRUE"})
      command.argv.insert(command.argv.end(), {"-o", option});
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    const auto result = run_program(command);
    EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
    Words lines;
    std::istringstream text(result.out);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  Words fields(const std::string& id, const Words& names) const {
    Words arguments{"-T", "fields"};
    for (const auto& name : names) arguments.insert(arguments.end(), {"-e", name});
    return tshark(id, arguments);
  }

  /// Octets of the stream, in hex, of one side: what both sent stands in the lines of the other's
  /// behind a tab.
  std::string followed(const std::string& id, bool of_server) const {
    std::string all;
    for (const auto& line : tshark(id, {"-q", "-z", "follow,tcp,raw,0"})) {
      const bool is_hex = line.find_first_not_of("0123456789abcdef\t") == std::string::npos;
      if (is_hex && !line.empty() && (line[0] == '\t') == of_server)
        all += line.substr(of_server ? 1 : 0);
    }
    return all;
  }

  /// Those that the transcript has, in hex.
  std::string recorded(const std::string& id, const std::string& kind) const {
    std::string all;
    const auto run = nlohmann::json::parse(read_text(dir_.path("run.json")));
    for (const auto& scenario : run.at("results"))
      if (scenario.at("id") == id)
        for (const auto& event : scenario.at("transcript"))
          if (event.at("kind") == kind) all += event.at("octets").get<std::string>();
    return all;
  }

  TemporaryDirectory dir_;
  const std::string captures_ = dir_.path("captures");
};

TEST_F(TsharkTest, FindsNothingMalformedAndNothingLost) {
  for (const auto* id : {"CAP-1", "CAP-2", "CAP-3", "CAP-4", "CAP-5"}) {
    SCOPED_TRACE(id);
    EXPECT_THAT(tshark(id, {}), Not(IsEmpty()));
    for (const auto* wrong :
         {"_ws.malformed", "_ws.expert.severity == \"Error\"", "tcp.analysis.flags",
          "ip.checksum.status == \"Bad\"", "tcp.checksum.status == \"Bad\""})
      EXPECT_THAT(tshark(id, {"-Y", wrong}), IsEmpty()) << wrong;
    EXPECT_THAT(tshark(id, {"-Y", "tcp && tcp.checksum.status != \"Good\""}), IsEmpty());
  }
}

TEST_F(TsharkTest, FollowsTheStreamToTheSameOctets) {
  ASSERT_GT(recorded("CAP-1", "received").size(), 60'000U);
  EXPECT_EQ(followed("CAP-1", false), recorded("CAP-1", "sent"));
  EXPECT_EQ(followed("CAP-1", true), recorded("CAP-1", "received"));
}

TEST_F(TsharkTest, ShowsFinAndRst) {
  EXPECT_EQ(tshark("CAP-1", {"-Y", "tcp.flags.fin == 1"}).size(), 2U);
  EXPECT_EQ(tshark("CAP-1", {"-Y", "tcp.flags.reset == 1"}).size(), 0U);
  EXPECT_EQ(tshark("CAP-2", {"-Y", "tcp.flags.reset == 1"}).size(), 1U);
  EXPECT_EQ(tshark("CAP-2", {"-Y", "tcp.flags.fin == 1"}).size(), 0U);
}

TEST_F(TsharkTest, ShowsARefusedConnectAsSynAndRst) {
  EXPECT_THAT(fields("CAP-3", {"tcp.flags.str"}),
              ElementsAre(HasSubstr("S"), AllOf(HasSubstr("R"), HasSubstr("A"))));
}

TEST_F(TsharkTest, ShowsAConnectionOnceWhereTheHarnessHasBothEnds) {
  EXPECT_EQ(tshark("CAP-4", {"-Y", "tcp.flags.syn == 1 && tcp.flags.ack == 0"}).size(), 1U);
  EXPECT_EQ(tshark("CAP-4", {"-Y", "tcp.flags.reset == 1"}).size(), 1U);
}

TEST_F(TsharkTest, ShowsSilenceAsHandshakeAndNoMore) { EXPECT_EQ(tshark("CAP-5", {}).size(), 3U); }

TEST_F(TsharkTest, ShowsStepsAsCommentsAndThatTheCaptureIsSynthetic) {
  const auto comments = fields("CAP-1", {"frame.comment"});
  EXPECT_THAT(comments.front(), HasSubstr(R"(step 1: {"connect": "c"})"));
  EXPECT_THAT(read_text(captures_ + "/caps_CAP-1.pcapng"), HasSubstr("Synthetic: Dialtone made"));
}

TEST_F(TsharkTest, TimesAreThoseOfTheTranscriptToTheNanosecond) {
  const auto run = nlohmann::json::parse(read_text(dir_.path("run.json")));
  for (const auto& scenario : run.at("results")) {
    if (scenario.at("id") != "CAP-2") continue;
    const auto& events = scenario.at("transcript");
    const auto connected = std::ranges::find_if(
        events, [](const auto& event) { return event.at("kind") == "connected"; });
    ASSERT_NE(connected, events.end());
    const auto at =
        scenario.at("started_ns").get<std::int64_t>() + connected->at("at_ns").get<std::int64_t>();
    EXPECT_EQ(fields("CAP-2", {"frame.time_epoch"}).front(),
              fmt::format("{}.{:09}", at / 1'000'000'000, at % 1'000'000'000));
  }
}

// Later, from the log, as from the run itself.
TEST_F(TsharkTest, TheLogGivesTheSameCaptures) {
  const auto log = dir_.path("run.ndjson");
  const auto suite = dir_.write("again/suite.json", suite_json("caps", kScenarios));
  run_dialtone({"run", suite, "--target", "127.0.0.1:1", "--report", "ndjson=" + log, "--report",
                "pcapng=" + dir_.path("live")});
  const auto result = run_dialtone({"report", log, "--report", "pcapng=" + dir_.path("later")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir_.path("live"))) {
    ++files;
    EXPECT_EQ(read_text(file.path()),
              read_text(dir_.path("later") + "/" + file.path().filename().string()));
  }
  EXPECT_EQ(files, 5);
}

}  // namespace
}  // namespace dialtone
