// `dialtone init` and, for what it writes, `dialtone validate`.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kRobust = DIALTONE_SOURCE_DIR "/scenarios/robust";
constexpr auto kServe = DIALTONE_BINARY " serve --line --port ${port}";

class InitTest : public testing::Test {
 protected:
  ProgramResult init(const Words& more) const {
    Words words{"init", file_, "--request", R"(abc\n)", "--reply", R"(thank you !\n)"};
    words.insert(words.end(), more.begin(), more.end());
    return run_dialtone(words);
  }

  TemporaryDirectory dir_;
  const std::string file_ = dir_.path("server.json");
};

TEST_F(InitTest, ALaunchedServerIsTriedAndItsCapabilitiesAreTold) {
  const auto result = init({"--command", kServe});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("it answers as the profile says"), HasSubstr("  process: it is a"),
                    HasSubstr(R"("provides": ["loop", "persistent", "pipelining"])"),
                    HasSubstr("  second_request: another request\n"), Not(HasSubstr("  banner:")),
                    HasSubstr("next: dialtone run scenarios/robust --target " + file_ + "\n")));
  EXPECT_EQ(result.err, "");
}

TEST_F(InitTest, WhatItWroteIsValidAndRuns) {
  ASSERT_EQ(init({"--command", kServe}).exit_code, 0);
  const auto valid = run_dialtone({"validate", file_});
  EXPECT_EQ(valid.exit_code, 0) << valid.err;
  EXPECT_EQ(valid.out, "1 profile: no mistakes\n");
  const auto run = run_dialtone({"run", kRobust, "--target", file_, "--filter", "ROB-10"});
  EXPECT_EQ(ids_with("pass", run.out), std::set<std::string>{"ROB-10"}) << run.out << run.err;
}

TEST_F(InitTest, AServerThatRunsAlreadyIsCalled) {
  Program server(dialtone_command({"serve", "--line", "--port", "0"}));
  const auto address = server.line_after("listening on ");
  const auto result = init({"--address", address});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("  local: it runs on this host"),
                                HasSubstr("\"persistent\""), Not(HasSubstr("  process: "))));
}

TEST_F(InitTest, OneThatEndsAfterAReplyIsNotPersistent) {
  Program server(dialtone_command({"serve", "--port", "0"}));
  const auto address = server.line_after("listening on ");
  const auto result = run_dialtone({"init", file_, "--address", address, "--request",
                                    R"(\xc4\xe3\xd4\xda\xc3\xb4?)", "--reply", "thank you !"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("\"loop\""), Not(HasSubstr("persistent"))));
}

TEST_F(InitTest, AnotherReplyIsShownBesideTheExpectedOne) {
  const auto result = run_dialtone({"init", file_, "--command", kServe, "--request", R"(abc\n)",
                                    "--reply", R"(thank me !\x1b\n)"});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr(R"(thank me !\x1b\n)"), HasSubstr(R"(thank you !\n)"),
                                Not(HasSubstr("\x1b")), Not(HasSubstr("run it again")),
                                HasSubstr("mend " + file_)));
  EXPECT_TRUE(std::filesystem::exists(file_));
}

TEST_F(InitTest, ARefusedCallIsTold) {
  const HeldPort nobody;
  const auto result = init({"--address", fmt::format("127.0.0.1:{}", nobody.port())});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr("ECONNREFUSED"));
  EXPECT_TRUE(std::filesystem::exists(file_));
}

TEST_F(InitTest, AServerThatSaysNothingIsTold) {
  const HeldPort silent(true);
  const auto result = init({"--address", fmt::format("127.0.0.1:{}", silent.port())});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr("nothing came within 5s"));
}

TEST_F(InitTest, TheFramingIsWrittenAndHoldsForRequestAndReply) {
  const auto no_line = run_dialtone({"init", file_, "--command", kServe, "--request", "abc",
                                     "--reply", R"(thank you !\n)", "--framing", "line"});
  EXPECT_EQ(no_line.exit_code, 2) << no_line.how << no_line.out;
  EXPECT_THAT(no_line.err, HasSubstr("'request' is not made of whole frames"));
  const auto wrong = init({"--command", kServe, "--framing", "length_prefix:5"});
  EXPECT_EQ(wrong.exit_code, 2) << wrong.how;
  EXPECT_THAT(wrong.err, HasSubstr("--framing: a length cannot have 5 octets"));
  EXPECT_FALSE(std::filesystem::exists(file_));
  const auto good = init({"--command", kServe, "--framing", "line"});
  EXPECT_EQ(good.exit_code, 0) << good.how << good.out << good.err;
  EXPECT_THAT(read_text(file_), HasSubstr("\n  \"framing\": \"line\",\n"));
}

TEST_F(InitTest, OfALengthInFrontTheBodiesAreGiven) {
  const auto command =
      python() + " " DIALTONE_SOURCE_DIR "/fixtures/examples/frames.py ${port} length";
  if (python().empty()) GTEST_SKIP() << "there is no Python 3";
  const auto result = run_dialtone({"init", file_, "--command", command, "--framing",
                                    "length_prefix:4", "--request", "hello", "--reply", "hi"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(read_text(file_), AllOf(HasSubstr(R"("request": { "frame": "hello" })"),
                                      HasSubstr(R"("reply": { "frame": true, "body": "hi" })")));
  EXPECT_THAT(result.out, HasSubstr(R"("provides": ["loop", "persistent", "pipelining"])"));
}

TEST_F(InitTest, AProgramThatCannotBeLaunchedIsTold) {
  const auto result = init({"--command", dir_.path("no server") + " ${port}"});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr("No such file or directory"));
}

TEST_F(InitTest, AFileIsOnlyOverwrittenByForce) {
  dir_.write("server.json", "mine");
  const auto refused = init({"--command", kServe});
  EXPECT_EQ(refused.exit_code, 2) << refused.how << refused.out;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("exists already"), HasSubstr("--force")));
  EXPECT_EQ(read_text(file_), "mine");
  EXPECT_EQ(init({"--command", kServe, "--force"}).exit_code, 0);
  EXPECT_THAT(read_text(file_), HasSubstr("\"parameters\""));
}

TEST_F(InitTest, WithoutATerminalEachMissingFlagIsNamed) {
  const auto all = run_dialtone({"init", file_});
  EXPECT_EQ(all.exit_code, 2) << all.how;
  EXPECT_THAT(all.err, HasSubstr("missing: --address (or --command), --request, --reply\n"));
  const auto port = init({"--command", "./server"});
  EXPECT_EQ(port.exit_code, 2) << port.how;
  EXPECT_THAT(port.err, HasSubstr("missing: --address (or ${port} in --command)\n"));
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(InitTest, MistakesAreToldAtOnceAndNothingIsWritten) {
  const auto result = run_dialtone({"init", file_, "--command", "'./server", "--address",
                                    "127.0.0.1:0", "--request", R"(a\q)", "--reply", ""});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_THAT(result.err, AllOf(HasSubstr("--command: a quote"), HasSubstr("--address: the port"),
                                HasSubstr(R"(--request: '\q' is no escape)"),
                                HasSubstr("--reply: it is empty")));
  const auto unknown = init({"--command", "./server ${port} ${prot}"});
  EXPECT_EQ(unknown.exit_code, 2) << unknown.how;
  EXPECT_THAT(unknown.err, HasSubstr("unknown variable 'prot'"));
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(InitTest, ADirectoryThatIsNotThereIsTold) {
  const auto result = run_dialtone(
      {"init", dir_.path("no/server.json"), "--command", kServe, "--request", "a", "--reply", "b"});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_THAT(result.err, HasSubstr("cannot write"));
  EXPECT_THAT(result.err, HasSubstr("ENOENT"));
}

/// On a terminal that script(1) makes: the flags are asked for.
TEST_F(InitTest, OnATerminalItAsksForWhatNoFlagGives) {
  if (!std::filesystem::exists("/usr/bin/script")) GTEST_SKIP() << "there is no /usr/bin/script";
  Command command;
  command.argv = {"/usr/bin/script", "-qec", DIALTONE_BINARY " init " + file_, "/dev/null"};
  command.input = fmt::format("{}\n\nlines\nline\nab\\q\nab\\n\nthank you !\\n\n", kServe);
  const auto result = run_program(command);
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(read_text(file_), HasSubstr("\n  \"framing\": \"line\",\n"));
  EXPECT_THAT(result.out, AllOf(HasSubstr("[127.0.0.1:${port}]"), HasSubstr("it must be line,"),
                                HasSubstr(R"('\q' is no escape)"),
                                HasSubstr("it answers as the profile says")));
}

TEST(ValidateProfileTest, AllMistakesOfAProfileAreToldWithTheirPlaces) {
  const TemporaryDirectory dir;
  const auto profile = dir.write("profile.json", R"({
  "address": "127.0.0.1:${prot}",
  "start": {"command": [], "stop": "SIGTEMR"}, "framing": "lines",
  "provides": ["persistant"],
  "parameters": {"reqest": "a"}
})");
  const auto result = run_dialtone({"validate", profile});
  EXPECT_EQ(result.exit_code, 2) << result.how << result.out;
  for (const auto* place : {":2:14: ", ":3:24: ", ":3:36: ", ":3:59: ", ":4:16: ", ":5:18: "})
    EXPECT_THAT(result.err, HasSubstr(profile + place));
  EXPECT_THAT(result.err, HasSubstr("6 mistakes"));
}

TEST(ValidateProfileTest, SuitesAndProfilesAreToldApart) {
  const TemporaryDirectory dir;
  const std::string scenario =
      R"({"id": "P-1", "title": "t", "source": "s", "steps": [{"connect": "c"}, {"close": "c"}]})";
  dir.write("a.json", suite_json("suite", scenario));
  dir.write("b.json", R"({"address": "127.0.0.1:7788"})");
  const auto good = run_dialtone({"validate", dir.path()});
  EXPECT_EQ(good.exit_code, 0) << good.how << good.err;
  EXPECT_EQ(good.out, "1 scenario in 1 file, 1 profile: no mistakes\n");
  const auto neither = dir.write("c.json", R"({"name": "x"})");
  const auto result = run_dialtone({"validate", dir.path()});
  EXPECT_EQ(result.exit_code, 2) << result.how;
  EXPECT_THAT(result.err, HasSubstr(neither + ":1:"));
}

TEST(ValidateProfileTest, TheProfilesThatComeWithDialtoneAreFine) {
  const auto result = run_dialtone({"validate", DIALTONE_SOURCE_DIR "/fixtures/profiles",
                                    DIALTONE_SOURCE_DIR "/fixtures/examples"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_THAT(result.out, HasSubstr(" profiles: no mistakes\n"));
}

TEST(ValidateProfileTest, AVariableOfTheCommandLineCounts) {
  const TemporaryDirectory dir;
  const auto profile = dir.write("p.json", R"({"address": "${where}:7788"})");
  EXPECT_EQ(run_dialtone({"validate", profile}).exit_code, 2);
  EXPECT_EQ(run_dialtone({"validate", profile, "--var", "where=127.0.0.1"}).exit_code, 0);
}

}  // namespace
}  // namespace dialtone
