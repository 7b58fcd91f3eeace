// What a suite leaves to the profile.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

// Answers a line with its octets in reverse order.
constexpr std::string_view kServer = R"(
import socket, sys
server = socket.socket()
server.bind(('127.0.0.1', int(sys.argv[1])))
server.listen(16)
while True:
    peer, _ = server.accept()
    lines = peer.makefile('rwb')
    for line in lines:
        lines.write(line.rstrip()[::-1] + b'\n')
        lines.flush()
    peer.close()
)";

class ParametersTest : public testing::Test {
 protected:
  void SetUp() override {
    if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  }

  ProgramResult run(const std::string& parameters, const Words& more = {}) const {
    const auto profile = dir_.write(
        "profile.json", fmt::format(R"({{"address": "127.0.0.1:${{port}}", "parameters": {},
                         "start": {{"command": ["{}", "{}", "${{port}}"]}}}})",
                                    parameters, python(), dir_.write("server.py", kServer)));
    Words words{"run", suite_, "--target", profile};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words);
  }

  TemporaryDirectory dir_;
  const std::string suite_ = dir_.write("suite.json", suite_json("suite", R"(
    {"id": "P-1", "title": "t", "source": "s", "steps": [
      {"connect": "c"}, {"send": "${request}"}, {"expect": "${reply}", "within": "${reply_within}"}, {"close": "c"}]},
    {"id": "P-2", "title": "t", "source": "s", "steps": [
      {"connect": "c"}, {"send": {"param": "echo_request", "data": "xyz"}},
      {"expect": {"param": "echo_reply", "data": "zyx"}}, {"close": "c"}]},
    {"id": "P-3", "title": "t", "source": "s", "steps": [
      {"connect": "c"}, {"expect_eof": "c", "within": "${idle_limit}"}]})"));
};

TEST_F(ParametersTest, AScenarioRunsWithWhatTheProfileGivesAndIsSkippedWithoutIt) {
  const auto result = run(R"({"request": "ab\n", "reply": {"regex": "b[a-z]\n"}})");
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("pass", result.out), std::set<std::string>{"P-1"});
  const auto told = told_by(result.out);
  EXPECT_THAT(
      told.at("P-2").details,
      HasSubstr("the profile gives no 'echo_reply' (what answers that: it gives them back)"));
  EXPECT_THAT(told.at("P-3").details,
              HasSubstr("the profile gives no 'idle_limit' (a connection on which nothing comes is "
                        "closed after that)"));
}

TEST_F(ParametersTest, AnEchoCarriesTheSuitesOctets) {
  const auto result = run(R"({"echo_request": "${data}\n", "echo_reply": "${data}\n"})");
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("pass", result.out), std::set<std::string>{"P-2"});
}

TEST_F(ParametersTest, TheCommandLineWins) {
  const auto result =
      run(R"({"request": "ab\n", "reply": "ba\n"})", {"--var", "reply=xx", "--filter", "P-1"});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("FAIL", result.out), std::set<std::string>{"P-1"});
}

TEST_F(ParametersTest, WithNothingGivenNothingIsChecked) {
  const auto result = run("{}");
  EXPECT_EQ(result.exit_code, 4) << result.how << result.out << result.err;
}

}  // namespace
}  // namespace dialtone
