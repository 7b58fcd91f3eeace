#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "harness/model/profile.hpp"

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::StrEq;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

/// A profile without mistakes.
Profile load(const std::string& text, const Variables& variables = {}) {
  Diagnostics diagnostics;
  auto profile = load_profile("p.json", text, variables, diagnostics);
  EXPECT_THAT(diagnostics, IsEmpty()) << (diagnostics.empty() ? "" : render(diagnostics.front()));
  return profile;
}

std::string shown_for(const std::string& text) {
  Diagnostics diagnostics;
  load_profile("p.json", text, {}, diagnostics);
  std::string shown;
  for (const auto& diagnostic : diagnostics) shown += render(diagnostic);
  return shown;
}

std::string resolved(const Template& text, const Variables& known = {}) {
  const auto result = text.resolve(known);
  const auto* value = std::get_if<std::string>(&result);
  return value == nullptr ? "unknown" : *value;
}

TEST(LoadProfileTest, AnAddressAloneIsAnExternalEndpoint) {
  const auto profile = load(R"({"address": "127.0.0.1:7788"})");
  EXPECT_EQ(profile.name, "p.json");
  EXPECT_EQ(profile.file, "p.json");
  EXPECT_EQ(profile.form, Profile::Form::kExternal);
  EXPECT_EQ(resolved(profile.address), "127.0.0.1:7788");
  EXPECT_EQ(profile.start, std::nullopt);
  EXPECT_EQ(profile.isolation, Profile::Isolation::kPerScenario);
  EXPECT_EQ(profile.concurrency, 1);
  EXPECT_THAT(profile.provides, IsEmpty());
}

TEST(LoadProfileTest, FramesOfItsParametersAreMadeByItsFraming) {
  const auto profile = load(R"({"address": "127.0.0.1:1", "encoding": "gbk",
    "parameters": {"request": {"frame": "ab"}, "second_request": [{"frame": ""}, {"frame": "a"}],
                   "reply": {"frame": true, "body": {"prefix": "ok"}},
                   "echo_request": {"frame": "${data}"}, "echo_reply": "${data}"},
    "framing": {"length_prefix": {"octets": 2}}})");
  ASSERT_TRUE(profile.framing);
  EXPECT_TRUE(std::holds_alternative<LengthPrefixFraming>(*profile.framing));
  const auto& payloads = profile.parameters.payloads;
  EXPECT_EQ(to_hex(*payloads.find("request")->second.constant()), "00 02 61 62");
  EXPECT_EQ(to_hex(*payloads.find("second_request")->second.constant()), "00 00 00 01 61");
  const auto echo = payloads.find("echo_request")->second;
  EXPECT_EQ(to_hex(*echo.with_data("xyz").constant()), "00 03 78 79 7a");
  EXPECT_EQ(echo.with_data(Bytes(70000, 'x')).unframable(),
            "70000 octets are more than a length of 2 octets can say");
  EXPECT_TRUE(std::holds_alternative<FrameMatch>(profile.parameters.matchers.at("reply")));
}

/// What the profile, with these keys besides its address, has an echo carry.
Bytes echo_data(const std::string& keys) {
  const auto profile = load(R"({"address": "127.0.0.1:1")" + keys + "}");
  return *profile.parameters.payloads.find("echo_data")->second.constant();
}

TEST(LoadProfileTest, AnEchoCarriesEveryOctetButThoseThatEndARequest) {
  EXPECT_EQ(echo_data("").size(), 254U);
  EXPECT_EQ(echo_data("").find_first_of("\r\n"), Bytes::npos);
  const auto line = echo_data(R"(, "framing": "line")");
  EXPECT_EQ(line.size(), 255U);
  EXPECT_EQ(line.find('\n'), Bytes::npos);
  EXPECT_EQ(echo_data(R"(, "framing": {"delimiter": "\r\n"})").size(), 254U);
  for (const auto* framing : {R"({"fixed": 16})", R"({"length_prefix": {"octets": 2}})",
                              R"("until_eof")", R"("oneshot")"})
    EXPECT_EQ(echo_data(R"(, "framing": )" + std::string(framing)).size(), 256U) << framing;
  EXPECT_EQ(echo_data(R"(, "parameters": {"echo_data": {"hex": "00 ff"}})"), Bytes("\x00\xff", 2));
}

TEST(LoadProfileTest, AnEncodingOfGbkIsACapability) {
  EXPECT_THAT(load(R"({"address": "127.0.0.1:1", "encoding": "gbk"})").provides,
              UnorderedElementsAre("gbk"));
  EXPECT_THAT(load(R"({"address": "127.0.0.1:1", "encoding": "gb18030"})").provides, IsEmpty());
}

TEST(LoadProfileTest, ADelimiterIsInTheProfilesEncoding) {
  const auto profile =
      load(R"({"address": "127.0.0.1:1", "framing": {"delimiter": "好"}, "encoding": "gbk"})");
  EXPECT_EQ(std::get<DelimiterFraming>(*profile.framing).delimiter, "\xba\xc3");
}

TEST(LoadProfileTest, EveryKeyIsRead) {
  const auto profile = load(R"({
    "$schema": "x", "name": "my server", "note": "n", "address": "127.0.0.1:${port}",
    "start": {"command": ["./server", "--port", "${port}"], "ready": "listening", "stop": "SIGINT",
              "ready_within": "3s", "stop_within": "1s", "directory": "run",
              "environment": {"PORT": "${port}", "MODE": "${request}"}},
    "isolation": "shared", "provides": ["local"], "concurrency": 4, "framing": {"oneshot": 9},
    "programs": {"client": ["./client", "${host}", "${port}"]},
    "vars": {"request": "PING", "size": 3}, "encoding": "gbk",
    "parameters": {"request": "你", "clients": 7}, "known_failures": {"A-1": "ticket 431"}})");
  EXPECT_EQ(profile.name, "my server");
  EXPECT_EQ(profile.form, Profile::Form::kProcess);
  EXPECT_EQ(resolved(profile.address, {{"port", "80"}}), "127.0.0.1:80");
  ASSERT_TRUE(profile.start);
  EXPECT_EQ(resolved(profile.start->command.at(2), {{"port", "80"}}), "80");
  EXPECT_EQ(profile.start->stop_signal, SIGINT);
  EXPECT_EQ(profile.start->ready_within, 3s);
  EXPECT_EQ(profile.start->stop_within, 1s);
  EXPECT_EQ(profile.isolation, Profile::Isolation::kShared);
  EXPECT_EQ(profile.concurrency, 4);
  EXPECT_EQ(std::get<OneShotFraming>(*profile.framing).most, 9U);
  EXPECT_THAT(profile.provides, UnorderedElementsAre("local", "client", "gbk"));
  EXPECT_EQ(profile.programs.at("client").command.size(), 3U);
  EXPECT_THAT(profile.vars, ElementsAre(Pair("request", "PING"), Pair("size", "3")));
  ASSERT_TRUE(profile.start->directory);
  EXPECT_EQ(resolved(*profile.start->directory), "run");
  EXPECT_EQ(resolved(profile.start->environment.at("PORT"), {{"port", "80"}}), "80");
  EXPECT_EQ(resolved(profile.start->environment.at("MODE")), "PING");
  EXPECT_EQ(*profile.parameters.payloads.at("request").constant(), "\xc4\xe3");
  EXPECT_THAT(profile.parameters.scalars, ElementsAre(Pair("clients", "7")));
  EXPECT_EQ(profile.known_failures.at("A-1").reason, "ticket 431");
}

TEST(LoadProfileTest, AControlIsASignalOrACommandOfYours) {
  const auto profile = load(R"({"address": "127.0.0.1:1", "controls": {
    "close_listener": {"command": ["./admin", "close", "${profile_dir}", "${port}"],
                       "undo": {"command": {"command": ["./admin", "open"], "directory": "run"}}},
    "pause_accept": {"command": ["./admin", "pause"], "undo": {"command": ["./admin", "go"]}}}})");
  EXPECT_THAT(profile.provides,
              UnorderedElementsAre("control.close_listener", "control.pause_accept"));
  const auto& close = profile.controls.at("close_listener");
  EXPECT_EQ(resolved(close.action.program->command.at(3), {{"port", "80"}}), "80");
  EXPECT_EQ(resolved(*close.undo->program->directory), "run");
  const auto launched = load(R"({"address": "127.0.0.1:${port}", "start": {"command": ["./s"]},
    "controls": {"close_listener": {"signal": "USR2"}}})");
  EXPECT_EQ(launched.controls.at("close_listener").action.signal, SIGUSR2);
}

TEST(LoadProfileTest, AProgramMayHaveAnEnvironmentAndADirectory) {
  const auto profile = load(R"({"address": "127.0.0.1:1", "vars": {"home": "/srv"},
    "programs": {"client": {"command": ["./client"], "environment": {"SERVER": "${host}:${port}"},
                            "directory": "${home}/client"}}})");
  const auto& client = profile.programs.at("client");
  EXPECT_EQ(client.command.size(), 1U);
  EXPECT_EQ(resolved(client.environment.at("SERVER"), {{"host", "::1"}, {"port", "80"}}), "::1:80");
  ASSERT_TRUE(client.directory);
  EXPECT_EQ(resolved(*client.directory), "/srv/client");
  EXPECT_THAT(profile.provides, ElementsAre("client"));
}

TEST(LoadProfileTest, TheDirectoryOfAServerMayHoldVariables) {
  const auto profile = load(R"({"address": "127.0.0.1:${port}", "vars": {"home": "/srv"},
    "start": {"command": ["./server"], "directory": "${home}/${port}"}})");
  ASSERT_TRUE(profile.start && profile.start->directory);
  EXPECT_EQ(resolved(*profile.start->directory, {{"port", "80"}}), "/srv/80");
}

TEST(LoadProfileTest, DefaultsOfALaunchedServer) {
  const auto profile = load(R"({"address": "127.0.0.1:1", "start": {"command": ["./server"]}})");
  EXPECT_EQ(profile.start->stop_signal, SIGTERM);
  EXPECT_EQ(profile.start->ready_within, 10s);
  EXPECT_EQ(profile.start->stop_within, 5s);
}

TEST(LoadProfileTest, VariablesOfTheCommandLineWin) {
  const auto profile =
      load(R"({"address": "127.0.0.1:${port}", "vars": {"port": 1, "a": "x"}})", {{"port", "2"}});
  EXPECT_EQ(resolved(profile.address), "127.0.0.1:2");
  EXPECT_THAT(profile.vars, ElementsAre(Pair("a", "x"), Pair("port", "2")));
}

TEST(LoadProfileTest, OfABareAddressNothingElseIsKnown) {
  const auto profile = external_profile("127.0.0.1:7788", {"local"});
  EXPECT_EQ(profile.name, "127.0.0.1:7788");
  EXPECT_EQ(profile.form, Profile::Form::kExternal);
  EXPECT_EQ(resolved(profile.address), "127.0.0.1:7788");
  EXPECT_EQ(profile.concurrency, 1);
  EXPECT_THAT(profile.provides, ElementsAre("local"));
}

struct Mistake {
  const char* name;
  std::string profile;
  std::string shown;
};

class LoadProfileMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(LoadProfileMistakes, AreShownWithTheirPlaceAndAHint) {
  EXPECT_THAT(shown_for(GetParam().profile), StrEq(GetParam().shown));
}

// clang-format off
const Mistake kMistakes[] = {
    {"BadEnvironment", R"({"address": "127.0.0.1:1", "start": {"command": ["x"],
 "environment": {"A=B": "c", "D": 1, "E": "${no}"}, "directory": 7}})",
     R"(p.json:2:18: bad name 'A=B' of an environment variable
p.json:2:35: environment variable 'D' must be a string, but is a number
p.json:2:43: unknown variable 'no'
  hint: known: port, host, address, tls_ca, profile_dir
p.json:2:66: 'directory' must be a string, but is a number
)"},

    {"BadEncoding", R"({"address": "127.0.0.1:1", "encoding": "gbx"})",
     R"(p.json:1:40: unknown encoding 'gbx'
  hint: did you mean 'gbk'?
)"},

    {"BrokenJson", R"({"address": })",
     R"(p.json:1:13: expected a value after ':', found '}'
  hint: a value is a string in double quotes, a number, true, false, null, [ ... ] or { ... }
)"},

    {"NoObject", R"([])",
     R"(p.json:1:1: a profile must be an object, but is an array
)"},

    {"NoAddress", R"({"name": "x"})",
     R"(p.json:1:1: a profile needs 'address'
  hint: "address": "127.0.0.1:7788"
)"},

    {"UnknownKey", R"({"address": "127.0.0.1:1", "isolaton": "shared"})",
     R"(p.json:1:28: unknown key 'isolaton' in a profile
  hint: did you mean 'isolation'?
)"},

    {"WrongTypeOfName", R"({"address": "127.0.0.1:1", "name": 1})",
     R"(p.json:1:36: 'name' must be a string, but is a number
)"},

    {"WrongTypeOfAddress", R"({"address": 7788})",
     R"(p.json:1:13: 'address' must be a string, but is a number
)"},

    {"NobodyChoosesThePortOfAnExternalEndpoint", R"({"address": "127.0.0.1:${port}"})",
     R"(p.json:1:13: unknown variable 'port'
  hint: give it under 'vars', or by --var port=...
)"},

    {"UnknownVariable", R"({"address": "127.0.0.1:${prot}", "start": {"command": ["./server", "${prot}"]}})",
     R"(p.json:1:13: unknown variable 'prot'
  hint: did you mean 'port'?
p.json:1:68: unknown variable 'prot'
  hint: did you mean 'port'?
)"},

    {"UnclosedVariable", R"({"address": "127.0.0.1:${port"})",
     R"(p.json:1:13: '${' is never closed
  hint: write '$${' for a literal '${'
)"},

    {"WrongTypeOfStart", R"({"address": "127.0.0.1:1", "start": "./server"})",
     R"(p.json:1:37: 'start' must be an object, but is a string
)"},

    {"NoCommand", R"({"address": "127.0.0.1:1", "start": {}})",
     R"(p.json:1:37: 'start' needs 'command'
  hint: "command": ["./server", "--port", "${port}"]
)"},

    {"CommandThatIsALine", R"({"address": "127.0.0.1:1", "start": {"command": "./server --port 1"}})",
     R"(p.json:1:49: 'command' must be an array, but is a string
)"},

    {"EmptyCommand", R"({"address": "127.0.0.1:1", "start": {"command": []}})",
     R"(p.json:1:49: 'command' is empty
  hint: the program, then its arguments
)"},

    {"WrongTypeOfAWord", R"({"address": "127.0.0.1:1", "start": {"command": ["./server", 1]}})",
     R"(p.json:1:62: each word of 'command' must be a string, but is a number
)"},

    {"UnknownKeyOfStart", R"({"address": "127.0.0.1:1", "start": {"command": ["./server"], "redy": "listening"}})",
     R"(p.json:1:63: unknown key 'redy' in 'start'
  hint: did you mean 'ready'?
)"},

    {"OtherReadiness", R"({"address": "127.0.0.1:1", "start": {"command": ["./server"], "ready": "log"}})",
     R"(p.json:1:72: 'ready' must be "listening" or "datagrams"
  hint: the kernel's table of listening sockets, or that of UDP sockets, is watched; a connection as a probe could be the only one that the server takes
)"},

    {"UnknownSignal", R"({"address": "127.0.0.1:1", "start": {"command": ["./server"], "stop": "SIGTREM"}})",
     R"(p.json:1:71: unknown signal 'SIGTREM'
  hint: by its name, such as "SIGTERM" or "SIGUSR1"
)"},

    {"WrongTypeOfSignal", R"({"address": "127.0.0.1:1", "start": {"command": ["./server"], "stop": 15}})",
     R"(p.json:1:71: a signal must be a string, but is a number
)"},

    {"BadDuration", R"({"address": "127.0.0.1:1", "start": {"command": ["./server"], "ready_within": "10", "stop_within": 5}})",
     R"(p.json:1:79: bad duration '10'
  hint: a number and its unit (ns, us, ms, s, m or h), such as "200ms"; 24h at most
p.json:1:100: 'stop_within' must be a string, but is a number
  hint: a number and its unit (ns, us, ms, s, m or h), such as "200ms"
)"},

    {"UnknownIsolation", R"({"address": "127.0.0.1:1", "isolation": "none"})",
     R"(p.json:1:41: 'isolation' must be "per-scenario" or "shared"
)"},

    {"WrongTypeOfProvides", R"({"address": "127.0.0.1:1", "provides": "local"})",
     R"(p.json:1:40: 'provides' must be an array, but is a string
)"},

    {"WrongTypeOfACapability", R"({"address": "127.0.0.1:1", "provides": [1]})",
     R"(p.json:1:41: each of 'provides' must be a string, but is a number
)"},

    {"UnknownCapability", R"({"address": "127.0.0.1:1", "provides": ["loop", "proces"]})",
     R"(p.json:1:49: unknown capability 'proces'
  hint: did you mean 'process'?
)"},

    {"UnknownControl", R"({"address": "127.0.0.1:1", "controls": {"close_listner": {"signal": "SIGUSR1"}}})",
     R"(p.json:1:41: unknown control 'close_listner'
  hint: did you mean 'close_listener'?
)"},

    {"ControlWithoutSignal", R"({"address": "127.0.0.1:1", "controls": {"close_listener": {}}})",
     R"(p.json:1:59: a control needs 'signal' or 'command'
  hint: {"signal": "SIGUSR1"}, or {"command": ["./admin", "close"]}
)"},

    {"ControlByBoth", R"({"address": "127.0.0.1:1", "controls": {"close_listener":
      {"signal": "SIGUSR1", "command": ["./c"], "undo": {"command": ["./o"]}}}})",
     R"(p.json:2:40: 'signal' and 'command' exclude each other
  hint: {"signal": "SIGUSR1"}, or {"command": ["./admin", "close"]}
)"},

    {"UndoOfNothing", R"({"address": "127.0.0.1:1", "controls": {"close_listener":
      {"command": ["./c"], "undo": {}}}})",
     R"(p.json:2:36: 'undo' needs 'signal' or 'command'
  hint: {"signal": "SIGUSR1"}, or {"command": ["./admin", "close"]}
)"},

    {"ControlOfNoCommand", R"({"address": "127.0.0.1:1", "controls": {"close_listener":
      {"command": [], "undo": {"command": ["./o", "${prot}"], "undo": 1}}}})",
     R"(p.json:2:19: 'command' is empty
  hint: the program, then its arguments
p.json:2:51: unknown variable 'prot'
  hint: did you mean 'port'?
p.json:2:63: unknown key 'undo' in 'undo'
  hint: known: signal, command
)"},

    {"WrongTypeOfControl", R"({"address": "127.0.0.1:1", "controls": {"close_listener": "SIGUSR1"}})",
     R"(p.json:1:59: a control must be an object, but is a string
)"},

    {"WrongTypeOfControls", R"({"address": "127.0.0.1:1", "controls": []})",
     R"(p.json:1:40: 'controls' must be an object, but is an array
)"},

    {"WrongTypeOfPrograms", R"({"address": "127.0.0.1:1", "programs": []})",
     R"(p.json:1:40: 'programs' must be an object, but is an array
)"},

    {"WrongTypeOfProgram", R"({"address": "127.0.0.1:1", "programs": {"client": "./client"}})",
     R"(p.json:1:51: program 'client' must be an array, but is a string
)"},

    {"EmptyProgram", R"({"address": "127.0.0.1:1", "programs": {"client": []}})",
     R"(p.json:1:51: program 'client' is empty
  hint: the program, then its arguments
)"},

    {"ProgramWithoutCommand", R"({"address": "127.0.0.1:1", "programs": {"client": {"directory": "/"}}})",
     R"(p.json:1:51: program 'client' needs 'command'
  hint: "command": ["./client", "${host}", "${port}"]
)"},

    {"UnknownKeyOfAProgram",
     R"({"address": "127.0.0.1:1", "programs": {"client": {"command": ["c"], "enviroment": {}}}})",
     R"(p.json:1:70: unknown key 'enviroment' in program 'client'
  hint: did you mean 'environment'?
)"},

    {"WrongEnvironment",
     R"({"address": "127.0.0.1:1", "programs": {"client": {"command": ["c"], "environment": {"A=B": "1", "C": 1}}}})",
     R"(p.json:1:86: bad name 'A=B' of an environment variable
p.json:1:103: environment variable 'C' must be a string, but is a number
)"},

    {"WrongTypeOfEnvironment",
     R"({"address": "127.0.0.1:1", "programs": {"client": {"command": ["c"], "environment": ["A=B"]}}})",
     R"(p.json:1:85: 'environment' must be an object, but is an array
)"},

    {"UnknownVariableOfADirectory",
     R"({"address": "127.0.0.1:1", "programs": {"client": {"command": ["c"], "directory": "${hoem}"}}})",
     R"(p.json:1:83: unknown variable 'hoem'
  hint: known: port, host, address, tls_ca, profile_dir
)"},

    {"WrongTypeOfVars", R"({"address": "127.0.0.1:1", "vars": 1})",
     R"(p.json:1:36: 'vars' must be an object, but is a number
)"},

    {"WrongTypeOfAVar", R"({"address": "127.0.0.1:1", "vars": {"a": true}})",
     R"(p.json:1:42: variable 'a' must be a string, but is true
)"},

    {"NoConcurrency", R"({"address": "127.0.0.1:1", "concurrency": 0})",
     R"(p.json:1:43: 'concurrency' must be between 1 and 4096
)"},

    {"WrongTypeOfConcurrency", R"({"address": "127.0.0.1:1", "concurrency": "4"})",
     R"(p.json:1:43: 'concurrency' must be a whole number, but is a string
)"},

    {"BadFraming", R"({"address": "127.0.0.1:1", "framing": {"length_prefix": {"octets": 5, "ordr": "big"}}})",
     R"(p.json:1:68: a length cannot have 5 octets
  hint: 1, 2, 3, 4 or 8
p.json:1:71: unknown key 'ordr' in 'length_prefix'
  hint: did you mean 'order'?
)"},

    {"ARequestThatIsNoFrame", R"({"address": "127.0.0.1:1", "framing": "line",
"parameters": {"request": "PING", "reply": "x", "second_request": "A\nB"}})",
     R"(p.json:2:27: 'request' is not made of whole frames: from offset 4, its end is missing
  hint: a frame that ends in LF; {"frame": "..."} makes one
p.json:2:67: 'second_request' is not made of whole frames: from offset 3, its end is missing
  hint: a frame that ends in LF; {"frame": "..."} makes one
)"},

    {"ARequestThatNoRecvTakes", R"({"address": "127.0.0.1:1", "framing": {"oneshot": 3},
"parameters": {"request": "PING"}})",
     R"(p.json:2:27: 'request' is not made of whole frames: from offset 3, one recv takes 3 octets
  hint: a frame that one recv returns; {"frame": "..."} makes one
)"},

    {"AFrameWithoutFraming", R"({"address": "127.0.0.1:1", "parameters": {"request": {"frame": "PING"}}})",
     R"(p.json:1:54: the profile gives no 'framing'
  hint: the profile's "framing": "line", or one given here
)"},

    {"PipeliningIsNotForOneShot", R"({"address": "127.0.0.1:1", "framing": "oneshot", "provides": ["persistent", "pipelining"]})",
     R"(p.json:1:77: 'pipelining' and the framing oneshot exclude each other
  hint: TCP may join requests into one recv
)"},

    {"OneRequestAndMany", R"({"address": "127.0.0.1:1", "provides": ["closes_after_reply", "persistent"]})",
     R"(p.json:1:41: 'persistent' and 'closes_after_reply' exclude each other
  hint: the one takes many requests on a connection, the other closes after one
)"},
    {"OneRequestUntilEof", R"({"address": "127.0.0.1:1", "framing": "until_eof", "provides": ["persistent", "pipelining"]})",
     R"(p.json:1:65: 'persistent' and the framing until_eof exclude each other
  hint: a request ends with the client's FIN, and so does the connection
p.json:1:79: 'pipelining' and the framing until_eof exclude each other
  hint: a request ends with the client's FIN, and so does the connection
)"},

    {"ManyMistakesAreInTheOrderOfTheFile", R"({
"concurrency": 0,
"provides": ["proces"],
"address": 5,
"nmae": "y"})",
     R"(p.json:2:16: 'concurrency' must be between 1 and 4096
p.json:3:14: unknown capability 'proces'
  hint: did you mean 'process'?
p.json:4:12: 'address' must be a string, but is a number
p.json:5:1: unknown key 'nmae' in a profile
  hint: did you mean 'name'?
)"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, LoadProfileMistakes, ::testing::ValuesIn(kMistakes),
                         [](const auto& mistake) { return std::string(mistake.param.name); });

}  // namespace
}  // namespace dialtone
