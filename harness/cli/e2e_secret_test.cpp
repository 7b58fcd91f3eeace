// Secrets: a run that uses two, in passing and in failing scenarios, against a server that repeats
// them in every form; and no output that has them in any.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "harness/cli/e2e_support.hpp"
#include "harness/model/secret_forms.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kToken = "hunter2-Kennwort";
const std::string kWord = "\xe4\xbd\xa0\xe5\xa5\xbd<&\">\xe5\x91\x80";  // 你好<&">呀

// Answers with what it was sent, in the form that its first octet asks for, in pieces; and prints
// what its environment has, and what everybody sees of the process that launched it.
constexpr std::string_view kServer = R"(
import base64, html, json, os, socket, sys, time, urllib.parse
def of_parent(name):
    return open('/proc/%d/%s' % (os.getppid(), name), 'rb').read()
print('argv', sys.argv, 'token', os.environ.get('GIVEN'), 'inherited', os.environ.get('TOKEN'))
sys.stdout.buffer.write(b'parent ' + of_parent('cmdline') + of_parent('environ') + b'\n')
sys.stdout.flush()
forms = {b'r': lambda b: b, b'h': lambda b: b.hex().encode(), b'H': lambda b: b.hex(' ').upper().encode(),
         b'b': lambda b: base64.b64encode(b'user:' + b), b'u': lambda b: urllib.parse.quote_from_bytes(b).encode(),
         b'j': lambda b: json.dumps(b.decode('gbk')).encode(),
         b'x': lambda b: html.escape(b.decode('gbk')).encode('gbk'),
         b'8': lambda b: b.decode('gbk').encode(), b'w': lambda b: b.decode('gbk').encode('utf-16-le')}
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', int(sys.argv[1])))
server.listen(128)
while True:
    client, address = server.accept()
    lines = client.makefile('rb')
    for line in lines:
        reply = forms[line[:1]](line[1:].rstrip(b'\n'))
        print('reply', reply, file=sys.stderr, flush=True)
        for at in range(0, len(reply), 5):
            client.sendall(reply[at:at + 5])
        client.sendall(b'\n')
    client.close()
)";

constexpr std::string_view kSecretScenarios = R"(
 {{"id": "SEC-1", "title": "passes", "source": "s", "steps": [
  {{"connect": "c"}}, {{"send": "r${{TOKEN}}\n"}}, {{"expect": "${{TOKEN}}\n"}},
  {{"send": "r${{WORD}}\n"}}, {{"expect": "${{WORD}}\n"}}]}},
 {{"id": "SEC-2", "title": "fails, with octets", "source": "s", "steps": [
  {{"connect": "c"}}, {{"send": "r${{TOKEN}}\n"}}, {{"expect": "not ${{TOKEN}}"}}]}},
 {{"id": "SEC-3", "title": "fails, with words", "level": "SHOULD", "source": "s", "steps": [
  {{"connect": "c"}}, {{"send": "r${{WORD}}\n"}},
  {{"expect": {{"contains": "no ${{WORD}}"}}, "within": "200ms"}}]}},
 {{"id": "SEC-4", "title": "has {0} in its file", "source": "s", "no_vary": "{0}", "steps": [
  {{"connect": "c"}}, {{"send": "r{0}\n"}}, {{"expect": {{"until": "no {0}"}}, "within": "200ms"}}]}}
)";

/// Of scenarios that ask for a form each, and fail.
std::string of_forms() {
  std::string scenarios;
  for (const char form : std::string_view("hHbujx8w"))
    for (const auto* name : {"TOKEN", "WORD"})
      scenarios += fmt::format(R"(, {{"id": "SEC-{0}-{1}", "title": "t", "source": "s", "steps": [
        {{"connect": "c"}}, {{"send": "{0}${{{1}}}\n"}},
        {{"expect": {{"contains": "never"}}, "within": "200ms"}}]}})",
                               form, name);
  return scenarios;
}

/// Every file below the directory, by its name.
std::map<std::string, std::string> files_in(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& file : std::filesystem::recursive_directory_iterator(directory))
    if (file.is_regular_file()) files[file.path()] = read_text(file.path());
  return files;
}

class SecretRunTest : public testing::Test {
 protected:
  void SetUp() override {
    if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
    profile_ = dir_.write("profile.json",
                          fmt::format(R"({{"name": "repeats {}", "address": "127.0.0.1:${{port}}",
        "start": {{"command": ["{}", "{}", "${{port}}"], "environment": {{"GIVEN": "${{TOKEN}}"}}}}}})",
                                      kToken, python(), dir_.write("server.py", kServer)));
    suite_ = dir_.write(
        "suite.json", suite_json("secrets " + kToken,
                                 fmt::format(fmt::runtime(kSecretScenarios), kToken) + of_forms()));
  }

  /// A run with every format, into reports/.
  ProgramResult run(Words options, Environment environment = {}) const {
    Words arguments{"run", suite_, "--target", profile_, "-v"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    for (const auto* format : {"junit", "junit:jenkins-xunit", "ndjson", "json", "tap", "tap:13",
                               "ctrf", "html", "github", "pcapng"}) {
      std::string name = format;
      std::ranges::replace(name, ':', '-');
      arguments.insert(arguments.end(),
                       {"--report", fmt::format("{}={}", format, dir_.path("reports/" + name))});
    }
    environment.emplace_back("GITHUB_STEP_SUMMARY", dir_.path("reports/summary.md"));
    return run_dialtone(arguments, {}, std::move(environment));
  }

  /// Of both secrets, in all forms, what the text has.
  static std::string leaked(const std::string& text) {
    for (const auto& secret : {kToken, kWord})
      for (const auto& form : forms_of_secret(secret))
        if (text.find(form) != std::string::npos) return form;
    return {};
  }

  TemporaryDirectory dir_;
  std::string profile_;
  std::string suite_;
};

TEST_F(SecretRunTest, NoOutputHasOneInAnyForm) {
  const auto result = run({"--secret", "TOKEN=" + kToken, "--secret", "WORD"}, {{"WORD", kWord}});
  ASSERT_EQ(result.exit_code, 1) << result.how << result.err;
  ASSERT_THAT(result.out, AllOf(HasSubstr("1 passed, 18 failed, 1 warning"),
                                HasSubstr("masked by '*', octet by octet: TOKEN")))
      << result.err;
  EXPECT_EQ(leaked(result.out), "");
  EXPECT_EQ(leaked(result.err), "");
  const auto files = files_in(dir_.path("reports"));
  EXPECT_GE(files.size(), 30U);  // ten formats, and a capture of each scenario
  for (const auto& [name, content] : files) {
    EXPECT_EQ(leaked(content), "") << name;
    EXPECT_FALSE(content.empty()) << name;
  }
}

// The scenarios are judged by the real octets, and the program gets what its profile says.
TEST_F(SecretRunTest, TheProgramGetsItFromTheEnvironmentAndNobodyElseSeesIt) {
  const auto result = run({"--secret", "TOKEN=" + kToken, "--secret=WORD=" + kWord, "-f", "SEC-1"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  const auto log = read_text(dir_.path("reports/json"));
  const auto hex = [](const std::string& text) {
    auto digits = to_hex(text);
    std::erase(digits, ' ');
    return digits;
  };
  // What it printed: its environment has the masked value, and the parent's command line too.
  EXPECT_THAT(log, HasSubstr(hex("token " + std::string(kToken.size(), '*') + " inherited None")));
  EXPECT_THAT(log, HasSubstr(hex("TOKEN=" + std::string(kToken.size(), '*'))));
}

// Seen from outside, since what the program prints is masked.
TEST_F(SecretRunTest, TheProcessListDoesNotShowIt) {
  const auto lasting = dir_.write(
      "lasting.json", suite_json("lasting", R"({"id": "SEC-9", "title": "t", "source": "s",
                                               "steps": [{"connect": "c"}, {"pause": "100s"}]})"));
  auto command = dialtone_command({"run", lasting, "-vv", "--secret", "TOKEN=" + kToken,
                                   "--secret=WORD=" + kWord, "--secret", "ENV"});
  command.environment.emplace_back("ENV", kToken + kToken);
  Program program(command);
  ASSERT_TRUE(program.prints("connected"));  // and is at it for a while
  const auto directory = fmt::format("/proc/{}/", program.pid());
  const auto arguments = read_text(directory + "cmdline");
  EXPECT_THAT(arguments, AllOf(HasSubstr("TOKEN=" + std::string(kToken.size(), '*')),
                               HasSubstr("WORD=*"), HasSubstr("ENV")));
  EXPECT_EQ(leaked(arguments), "");
  EXPECT_EQ(leaked(read_text(directory + "environ")), "");
}

TEST_F(SecretRunTest, RerunCommandsNameItOnly) {
  run({"--secret", "TOKEN=" + kToken, "--secret=WORD=" + kWord, "-f", "SEC-2"});
  EXPECT_THAT(read_text(dir_.path("reports/html")), HasSubstr("--secret TOKEN --secret WORD"));
}

TEST_F(SecretRunTest, AVariantCutsNoSecretIntoTheOpen) {
  const auto result = run({"--secret", "TOKEN=" + kToken, "--secret=WORD=" + kWord, "-f", "SEC-2",
                           "--vary", "segmentation", "--vary-limit", "4"});
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  for (const auto& [name, content] : files_in(dir_.path("reports")))
    EXPECT_EQ(leaked(content), "") << name;
}

TEST_F(SecretRunTest, OnACommandLineItIsRefused) {
  const auto profile = dir_.write("open.json", R"({"name": "open", "address": "127.0.0.1:${port}",
    "start": {"command": ["/bin/true", "--token=${TOKEN}"]}})");
  const auto result = run_dialtone(
      {"run", suite_, "--target", profile, "--secret", "TOKEN=" + kToken, "--var", "WORD=word"});
  EXPECT_EQ(result.exit_code, 2) << result.out;
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("the secret 'TOKEN' would stand on the command line of 'start'"),
                    HasSubstr(R"("environment": {"TOKEN": "${TOKEN}"})")));
  EXPECT_EQ(leaked(result.err), "");
}

TEST_F(SecretRunTest, MistakesDoNotShowIt) {
  const auto suite =
      dir_.write("mistake.json", suite_json("m", R"({"id": "M-1", "title": "t", "steps": [
        {"connect": "c"}, {"pause": "${TOKEN}"}]})"));
  const auto result = run_dialtone({"run", suite, "--secret", "TOKEN=" + kToken});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("****************"));
  EXPECT_EQ(leaked(result.err), "");
}

TEST_F(SecretRunTest, OneOfSeveralLinesIsMaskedLineByLine) {
  const auto suite =
      dir_.write("lines.json", suite_json("l", R"({"id": "M-1", "title": "second-line",
        "source": "first-line\n", "steps": [{"connect": "c"}]})"));
  const auto result =
      run_dialtone({"describe", suite, "--secret", "KEY=first-line\nsecond-line\nx\n"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.find("second-line"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find("first-line"), std::string::npos) << result.out;
}

TEST_F(SecretRunTest, AValueInThePlaceOfItsNameIsNotRepeated) {
  const std::map<std::string, std::string> said{
      {kToken, "--secret: the environment has no variable of that name"},
      {"AKIAQ4EXAMPLE77", "--secret: the environment has no variable of that name"},
      {"c2VjcmV0LW9mLW91cnM=", "--secret: the secret is empty"}};
  for (const auto& [value, message] : said) {
    const auto result = run_dialtone({"run", kArticle, "--secret", value});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_EQ(result.err.find(value.substr(0, value.find('='))), std::string::npos) << result.err;
  }
}

TEST_F(SecretRunTest, OfSeveralTheOneWithoutAVariableIsTold) {
  const auto result =
      run_dialtone({"run", kArticle, "--secret", "WORD=" + kWord, "--secret", "DIALTONE_NO_SUCH"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--secret, number 2: the environment has no variable"));
}

TEST_F(SecretRunTest, APageOnTheSuiteDoesNotShowIt) {
  const auto without = run_dialtone({"describe", suite_});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, HasSubstr("unknown variable 'TOKEN'"));
  const auto page = run_dialtone(
      {"describe", suite_, "--secret", "TOKEN=" + kToken, "--secret", "WORD=" + kWord});
  EXPECT_EQ(page.exit_code, 0) << page.err;
  EXPECT_THAT(page.out, HasSubstr(R"("until": "no ****************")"));
  EXPECT_EQ(leaked(page.out), "");
}

TEST_F(SecretRunTest, AMistypedOptionDoesNotShowItsValue) {
  const auto apart = run_dialtone({"run", suite_, "--secrets", "TOKEN=" + kToken});
  EXPECT_EQ(apart.exit_code, 2);
  EXPECT_THAT(apart.err, HasSubstr("not expected: --secrets\n"));
  EXPECT_EQ(leaked(apart.err), "");
  const auto joined = run_dialtone({"run", suite_, "--sercet=TOKEN=" + kToken});
  EXPECT_EQ(joined.exit_code, 2);
  EXPECT_THAT(joined.err, HasSubstr("not expected: --sercet=...\n"));
  EXPECT_EQ(leaked(joined.err), "");
}

TEST_F(SecretRunTest, WhatIsNoSecretIsRefused) {
  const std::map<std::string, std::string> said{
      {"TOKEN=", "the secret is empty"},
      {"TOKEN=abc", "the secret is shorter than 4 octets"},
      {"=abcdef", "a secret needs a name"},
      {"DIALTONE_NO_SUCH", "the environment has no variable of that name"}};
  for (const auto& [written, message] : said) {
    const auto result = run_dialtone({"run", kArticle, "--secret", written});
    EXPECT_EQ(result.exit_code, 2) << written;
    EXPECT_THAT(result.err, HasSubstr(message));
  }
  const auto twice = run_dialtone({"run", kArticle, "--secret", "A=abcdef", "--var", "A=x"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("'A' has a value already"));
}

}  // namespace
}  // namespace dialtone
