// Servers and clients that are not ours: the article's scripts, in Python.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

using Ids = std::set<std::string>;
using Missing = std::map<std::string, std::string>;  ///< id -> the capability that it misses

// Line by line what the article's server does; PORT is put in.
constexpr std::string_view kOneShotServer = R"(import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
address = ('', PORT)
server.bind(address)
server.listen(128)
client, clientAddr = server.accept()
recv_data = client.recv(1024)
print('received:', recv_data.decode('gbk'))
client.send('thank you !'.encode('gbk'))
client.close()
server.close()
)";

// The same, put in a loop, a thread for each client.
constexpr std::string_view kLoopingServer = R"(import socket
import sys
import threading


def serve(client):
    with client:
        recv_data = client.recv(1024)
        print('received:', recv_data.decode('gbk'), flush=True)
        client.send('thank you !'.encode('gbk'))


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
if 'reuse' in sys.argv:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('', PORT))
server.listen(128)
print('listening', flush=True)
while True:
    client, clientAddr = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
)";

// Line by line what the article's client does; HOST and PORT are asked for.
constexpr std::string_view kClient = R"(import socket

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
host = input("server's address: ")
port = int(input("server's port: "))
client.connect((host, port))
client.send(input("text to send: ").encode('gbk'))
recv_data = client.recv(1024)
print('received:', recv_data.decode('gbk'))
client.close()
)";

const Missing kMissingAnywhere{{"ART-05", "client"},
                               {"ART-06", "client"},
                               {"ART-08", "server_side"},
                               {"ART-09", "greeting_reply"},
                               {"ART-19", "control.pause_accept"},
                               {"ART-21", "control.pause_accept"},
                               {"ART-22", "server_side"},
                               {"ART-24", "greeting_reply"},
                               {"ART-30.client", "client"},
                               {"ART-32", "datagrams"},
                               {"ART-35", "control.close_listener"},
                               {"ART-35.remote", "control.close_listener"},
                               {"ART-36", "control.close_listener"},
                               {"ART-37", "control.close_listener"},
                               {"ART-45", "whole_message"}};

const Ids kPassedAnywhere{"ART-01", "ART-02", "ART-03", "ART-04", "ART-07", "ART-10",
                          "ART-12", "ART-13", "ART-14", "ART-15", "ART-16", "ART-17",
                          "ART-18", "ART-25", "ART-27", "ART-30", "ART-31", "ART-33",
                          "ART-39", "ART-40", "ART-41", "ART-44", "ART-46"};

template <typename Container>
Container joined(Container some, const Container& others) {
  some.insert(others.begin(), others.end());
  return some;
}

class PythonTest : public testing::Test {
 protected:
  void SetUp() override {
    if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  }

  /// The script with the port written into it.
  std::string script(std::string_view text) const {
    std::string filled(text);
    filled.replace(filled.find("PORT"), 4, std::to_string(port_));
    return dir_.write("server.py", filled);
  }

  static Command python_command(const Words& arguments, Bytes input = {}) {
    Command command;
    command.argv = {python()};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = {{"PYTHONIOENCODING", "utf-8"}};
    command.input = std::move(input);
    return command;
  }

  /// Nothing failed, and exactly these passed and were skipped.
  static void expect_exactly(const ProgramResult& result, const Ids& passed,
                             const Missing& missing) {
    EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
    EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty());
    EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty());
    EXPECT_EQ(ids_with("pass", result.out), passed);
    EXPECT_EQ(missing_by_id(result.out), missing);
  }

  TemporaryDirectory dir_;
  std::uint16_t port_ = fixed_port();
};

TEST_F(PythonTest, TheArticlesServerPassesWhatAOneShotServerCan) {
  const auto profile =
      dir_.write("article.json", fmt::format(R"({{
    "name": "the article's script",
    "address": "127.0.0.1:{}",
    "start": {{"command": ["{}", "{}"], "ready": "listening", "ready_within": "30s"}},
    "isolation": "per-scenario",
    "provides": ["request_reply", "one_shot", "any_address", "agreed_port"]}})",
                                             port_, python(), script(kOneShotServer)));
  const auto result =
      run_dialtone({"run", kArticle, "--target", profile}, {}, {{"PYTHONIOENCODING", "utf-8"}});
  const Ids also{"ART-11", "ART-29"};
  const Missing besides{{"ART-20", "loop"},         {"ART-23", "loop"}, {"ART-26", "loop"},
                        {"ART-28", "loop"},         {"ART-34", "loop"}, {"ART-38", "loop"},
                        {"ART-42", "loop"},         {"ART-43", "loop"}, {"ART-47", "loop"},
                        {"ART-48", "decode_errors"}};
  expect_exactly(result, joined(kPassedAnywhere, also), joined(kMissingAnywhere, besides));
}

class LoopingPython : public PythonTest, public testing::WithParamInterface<std::string> {
 protected:
  Command server() const { return python_command({script(kLoopingServer), GetParam()}); }
};

TEST_P(LoopingPython, PassesWhatAServerThatNobodyLaunchesCan) {
  Program running(server());
  ASSERT_TRUE(running.prints("listening")) << running.finish().err;
  const auto result =
      run_dialtone({"run", kArticle, "--target", fmt::format("127.0.0.1:{}", port_), "--provides",
                    "request_reply", "--provides", "loop", "--provides", "any_address",
                    "--provides", "agreed_port", "--provides", "decode_errors"});
  const Ids also{"ART-20", "ART-23", "ART-26", "ART-28", "ART-34",
                 "ART-38", "ART-42", "ART-43", "ART-47", "ART-48"};
  const Missing besides{{"ART-11", "process"}, {"ART-29", "one_shot"}};
  expect_exactly(result, joined(kPassedAnywhere, also), joined(kMissingAnywhere, besides));
  running.send_signal(SIGTERM);
  EXPECT_EQ(running.finish().how, "killed by SIGTERM");
}

TEST_P(LoopingPython, AnswersDial) {
  Program running(server());
  ASSERT_TRUE(running.prints("listening")) << running.finish().err;
  const auto result = run_dialtone({"dial", "127.0.0.1", std::to_string(port_), "你好啊"});
  EXPECT_EQ(result.exit_code, 0) << result.how;
  EXPECT_EQ(result.out, "thank you !\n");
  EXPECT_EQ(result.err, "the server closed the connection (FIN) after 11 octets\n");
  EXPECT_TRUE(running.prints("received: 你好啊\n"));
}

INSTANTIATE_TEST_SUITE_P(Addresses, LoopingPython, testing::Values("plain", "reuse"));

// The same server, with the mistakes that the article warns of: the sets above are no accident.
TEST_F(PythonTest, AServerThatAnswersInUpperCaseFails) {
  std::string text(kLoopingServer);
  text.replace(text.find("thank you !"), 11, "THANK YOU !");
  Program running(python_command({script(text), "reuse"}));
  ASSERT_TRUE(running.prints("listening")) << running.finish().err;
  const auto result =
      run_dialtone({"run", kArticle, "--target", fmt::format("127.0.0.1:{}", port_), "--provides",
                    "request_reply", "--filter", "ART-10", "--filter", "ART-40"});
  EXPECT_EQ(result.exit_code, 1) << result.how;
  EXPECT_EQ(ids_with("FAIL", result.out), Ids{"ART-10"});
  EXPECT_EQ(ids_with("pass", result.out), Ids{"ART-40"});
}

TEST_F(PythonTest, TheArticlesClientTalksToServe) {
  Program server(dialtone_command({"serve", "--port", "0", "--once"}));
  const auto port = server.line_after("listening on 127.0.0.1:");
  ASSERT_NE(port, "");
  const auto client = run_program(
      python_command({dir_.write("client.py", kClient)}, "127.0.0.1\n" + port + "\n你在么?\n"));
  EXPECT_EQ(client.exit_code, 0) << client.how << client.err;
  EXPECT_THAT(client.out, HasSubstr("received: thank you !\n"));
  const auto served = server.finish();
  EXPECT_EQ(served.exit_code, 0) << served.how << served.err;
  EXPECT_THAT(served.out, HasSubstr(" sent: 你在么?\n"));
  EXPECT_THAT(served.out, HasSubstr("one client was served"));
}

TEST_F(PythonTest, ServeGoesOnForOneClientAfterAnother) {
  Program server(dialtone_command({"serve", "--port", "0"}));
  const auto port = server.line_after("listening on 127.0.0.1:");
  ASSERT_NE(port, "");
  const auto client = dir_.write("client.py", kClient);
  for (const auto* text : {"你在么?", "你好啊"}) {
    const auto result =
        run_program(python_command({client}, fmt::format("127.0.0.1\n{}\n{}\n", port, text)));
    EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
    EXPECT_TRUE(server.prints(fmt::format(" sent: {}\n", text)));
  }
  server.send_signal(SIGTERM);
  EXPECT_EQ(server.finish().exit_code, 0);
}

}  // namespace
}  // namespace dialtone
