// What a profile says of a server, and what is found out of one that runs already.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <nlohmann/json.hpp>

#include "harness/cli/e2e_support.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kRobust = DIALTONE_SOURCE_DIR "/scenarios/robust";
const std::string kClient = DIALTONE_SOURCE_DIR "/scenarios/client";

// A line server: "spin" after a client's FIN, "leak" its sockets, speak UTF-8 ("utf8"). The address
// is a port, or the path of a Unix socket.
constexpr std::string_view kServer = R"(
import os, socket, sys, threading
where, flaws = sys.argv[1], sys.argv[2:]
if where.startswith('/'):
    server = socket.socket(socket.AF_UNIX)
    if os.path.exists(where): os.unlink(where)
    server.bind(where)
else:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('127.0.0.1', int(where)))
server.listen(128)
print('up', flush=True)
kept = []
def serve(peer):
    if 'leak' in flaws: kept.append(os.dup(peer.fileno()))
    lines = peer.makefile('rwb')
    try:
        for line in lines:
            if line[-1:] != b'\n': break
            lines.write('grüß\n'.encode() if 'utf8' in flaws else b'ME\n' if line == b'WHO\n' else b'PONG\n')
            lines.flush()
        if 'leak' in flaws: peer.shutdown(socket.SHUT_RDWR)
        lines.close()
    except OSError:
        pass
    peer.close()
    while 'spin' in flaws: pass
while True:
    peer, _ = server.accept()
    threading.Thread(target=serve, args=(peer,), daemon=True).start()
)";

constexpr std::string_view kKeys = R"("framing": "line", "provides": ["persistent", "pipelining"],
 "parameters": {"request": "PING\n", "reply": "PONG\n", "second_request": "WHO\n",
                "second_reply": "ME\n", "clients": 5})";

class ProfileTest : public testing::Test {
 protected:
  void SetUp() override {
    if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  }

  /// Of a server that Dialtone launches.
  std::string launched(const std::string& address, const std::string& where,
                       const std::string& more) const {
    return dir_.write("profile.json",
                      fmt::format(R"({{"address": "{}", "start": {{"command": ["{}", "{}", {}]}},
 {}}})",
                                  address, python(), server_, where, more));
  }

  static ProgramResult run(const Words& what, const std::string& target, const Words& more = {}) {
    Words words{"run"};
    words.insert(words.end(), what.begin(), what.end());
    words.insert(words.end(), {"--target", target});
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words);
  }

  TemporaryDirectory dir_;
  const std::string server_ = dir_.write("server.py", kServer);
};

TEST_F(ProfileTest, WhatAUnixSocketLacksIsSkippedAndNoError) {
  const auto path = dir_.path("s");
  const auto profile = launched("unix:" + path, "\"" + path + "\"", std::string(kKeys));
  const auto result = run({kRobust}, profile);
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  const auto missing = missing_by_id(result.out);
  for (const auto* id : {"ROB-06", "ROB-07", "ROB-34"}) EXPECT_EQ(missing.at(id), "tcp") << id;
}

/// A client that stays.
UniqueFd connect_to(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = SocketAddress::loopback_ipv4(port);
  EXPECT_EQ(::connect(fd.get(), address.data(), address.size()), 0);
  return fd;
}

class RunningServerTest : public ProfileTest {
 protected:
  ProgramResult look_at(const std::string& flaw, const Words& scenarios,
                        bool with_another = false) {
    Command command;
    command.argv = {python(), server_, std::to_string(port_), flaw};
    Program server(command);
    EXPECT_TRUE(server.prints("up"));
    const auto profile = dir_.write(
        "running.json", fmt::format(R"({{"address": "127.0.0.1:{}", {}}})", port_, kKeys));
    Words filters;
    for (const auto& id : scenarios) filters.insert(filters.end(), {"--filter", id});
    const auto other = with_another ? connect_to(port_) : UniqueFd();
    auto result = run({kRobust}, profile, filters);
    // Nothing was signalled that Dialtone had not started: it ran until now.
    server.send_signal(SIGINT);
    EXPECT_THAT(server.finish().err, HasSubstr("KeyboardInterrupt"));
    return result;
  }

  const std::uint16_t port_ = fixed_port();
};

TEST_F(RunningServerTest, IsLookedIntoWhereThatMayBeAndNeverSignalled) {
  const auto result = look_at("sound", {"ROB-12", "ROB-18", "ROB-30"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("pass", result.out), (std::set<std::string>{"ROB-12", "ROB-18"}));
  EXPECT_THAT(told_by(result.out).at("ROB-30").details, HasSubstr("(C2: "));
}

TEST_F(RunningServerTest, ItsLeakIsFound) {
  EXPECT_EQ(ids_with("FAIL", look_at("leak", {"ROB-12", "ROB-18"}).out),
            std::set<std::string>{"ROB-12"});
}

TEST_F(RunningServerTest, ItsBusyLoopIsFound) {
  EXPECT_EQ(ids_with("FAIL", look_at("spin", {"ROB-18"}).out), std::set<std::string>{"ROB-18"});
}

TEST_F(RunningServerTest, WhereAnotherClientUsesItThatIsNoFailureOfIts) {
  const auto leaking = look_at("leak", {"ROB-12"}, /*with_another=*/true);
  EXPECT_THAT(told_by(leaking.out).at("ROB-12").verdict, "ERROR") << leaking.out;
  EXPECT_THAT(leaking.out, HasSubstr("another client, 127.0.0.1:"));
  const auto busy = look_at("spin", {"ROB-18"}, /*with_another=*/true);
  EXPECT_THAT(told_by(busy.out).at("ROB-18").verdict, "ERROR") << busy.out;
}

TEST_F(RunningServerTest, WhereNobodyListensTheMissingCodeIsThatOfObservation) {
  const HeldPort held;
  const auto profile = dir_.write(
      "running.json", fmt::format(R"({{"address": "127.0.0.1:{}", {}}})", held.port(), kKeys));
  const auto result = run({kRobust}, profile, {"--filter", "ROB-12"});
  EXPECT_THAT(told_by(result.out).at("ROB-12").details, HasSubstr("(C5: "));
}

TEST_F(ProfileTest, ACapabilityOfTheCommandLineComesBesideThoseOfTheProfile) {
  const auto profile = launched("127.0.0.1:${port}", "\"${port}\"", R"("framing": "line",
 "parameters": {"request": "PING\n", "reply": "PONG\n"})");
  const auto without = run({kRobust}, profile, {"--filter", "ROB-01.same"});
  const auto beside =
      run({kRobust}, profile, {"--filter", "ROB-01.same", "--provides", "persistent"});
  EXPECT_EQ(ids_with("skip", without.out), std::set<std::string>{"ROB-01.same"}) << without.out;
  EXPECT_EQ(ids_with("pass", beside.out), std::set<std::string>{"ROB-01.same"}) << beside.out;
}

TEST_F(ProfileTest, ACapabilityThatNothingGivesIsAMistake) {
  const auto result = run({kRobust}, "127.0.0.1:9", {"--provides", "process"});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_THAT(result.err, HasSubstr("--provides: 'process' cannot be provided by saying so"));
  const auto built_in = run_dialtone({"run", kRobust, "--provides", "loop"});
  EXPECT_EQ(built_in.exit_code, 2) << built_in.how;
  EXPECT_THAT(built_in.err, HasSubstr("what the built-in server provides is known"));
}

TEST_F(ProfileTest, AMismatchIsShownInTheProfilesEncoding) {
  const auto profile = launched("127.0.0.1:${port}", R"("${port}", "utf8")", R"("framing": "line",
 "provides": ["persistent"], "parameters": {"request": "hé\n", "reply": "grün\n"})");
  const auto result = run({kRobust}, profile, {"--filter", "ROB-01.once"});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("grün"), HasSubstr("grüß"), HasSubstr("text as utf-8"),
                                Not(HasSubstr("gbk"))));
}

TEST_F(ProfileTest, AKnownFailureThatNoScenarioHasIsWarnedOf) {
  const auto profile =
      launched("127.0.0.1:${port}", "\"${port}\"",
               std::string(kKeys) + R"(, "known_failures": {"ROB-01.twice": "r", "ROB-30": "r"})");
  const auto warned = run({kRobust + "/framing.json"}, profile, {"--filter", "ROB-01"});
  EXPECT_EQ(warned.exit_code, 0) << warned.how << warned.out << warned.err;
  EXPECT_THAT(warned.err, AllOf(HasSubstr("warning: known failure 'ROB-01.twice': no scenario has"),
                                HasSubstr("did you mean 'ROB-01'?"), Not(HasSubstr("ROB-30"))));
  const auto validated = run_dialtone({"validate", kRobust, profile});
  EXPECT_EQ(validated.exit_code, 0) << validated.how << validated.err;
  EXPECT_THAT(validated.err, HasSubstr("warning: known failure 'ROB-01.twice'"));
  const auto elsewhere = run_dialtone({"validate", kClient, profile});
  EXPECT_THAT(elsewhere.err, IsEmpty());
}

// Sound, but its codes are its own; "eof-ok" takes an end without a reply for success.
constexpr std::string_view kSoundClient = R"(
import socket, sys
good, bad, flaw = int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:]
try:
    peer = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    peer.sendall(sys.stdin.readline().strip().encode('gbk'))
    reply = b''
    while True:
        octets = peer.recv(4096)
        if not octets: break
        reply += octets
    print(reply.decode('gbk'))
    sys.exit(good if reply or flaw else bad)
except (OSError, UnicodeError):
    sys.exit(bad)
)";

class ClientCodesTest : public ProfileTest {
 protected:
  std::set<std::string> failed_of(const std::string& codes, const std::string& parameters) {
    const auto profile =
        dir_.write("client.json", fmt::format(R"({{"address": "127.0.0.1:9", "encoding": "gbk",
 "programs": {{"client": {{"command": ["{}", "{}", "${{host}}", "${{port}}", {}],
              "environment": {{"PYTHONIOENCODING": "utf-8"}}}}}},
 "parameters": {{"client_input": {{"text": "你好啊\n", "encoding": "utf-8"}},
   "client_request": "你好啊", "client_reply": "我很好,你呢",
   "client_output": {{"text": "我很好,你呢", "encoding": "utf-8"}},
   "client_bad_reply": {{"hex": "ff ff"}}{}}}}})",
                                              python(), client_, codes, parameters));
    const auto result =
        run({kClient}, profile,
            {"--filter", "CLI-0[36]", "--filter", "CLI-1[239]", "--filter", "CLI-14"});
    EXPECT_THAT(ids_with("skip", result.out), IsEmpty()) << result.out << result.err;
    return ids_with("FAIL", result.out);
  }

  const std::string client_ = dir_.write("client.py", kSoundClient);
};

TEST_F(ClientCodesTest, AnyOtherCodeThanThatOfSuccessIsAFailure) {
  EXPECT_THAT(failed_of(R"("0", "2")", ""), IsEmpty());
  EXPECT_THAT(failed_of(R"("3", "0")", R"(, "client_success_code": 3)"), IsEmpty());
  EXPECT_EQ(failed_of(R"("0", "2", "eof-ok")", ""), std::set<std::string>{"CLI-12"});
}

TEST_F(ClientCodesTest, AProfileMayPinThem) {
  EXPECT_THAT(failed_of(R"("0", "52")", R"(, "client_failure_code": [7, 52])"), IsEmpty());
  EXPECT_EQ(failed_of(R"("0", "2")", R"(, "client_failure_code": [7, 52])"),
            (std::set<std::string>{"CLI-12", "CLI-13", "CLI-14", "CLI-19"}));
}

TEST(ProfileSchemaCommandTest, PrintsTheSchemaOfProfiles) {
  const auto result = run_dialtone({"schema", "--profile"});
  EXPECT_EQ(result.exit_code, 0) << result.how;
  const auto schema = nlohmann::json::parse(result.out);
  EXPECT_EQ(schema.at("title"), "Dialtone profile");
  EXPECT_TRUE(schema.at("properties").contains("known_failures"));
}

}  // namespace
}  // namespace dialtone
