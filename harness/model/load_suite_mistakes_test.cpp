#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/diagnostic.hpp"
#include "harness/model/fake_steps.hpp"
#include "harness/model/load_suite.hpp"

namespace dialtone {
namespace {

using ::testing::StrEq;

struct Mistake {
  const char* name;
  std::string suite;
  std::string shown;  ///< all that the user sees
};

std::string shown_for(const std::string& suite) {
  Diagnostics diagnostics;
  load_suite("s.json", suite, {fake_steps(), {}}, diagnostics);
  std::string shown;
  for (const auto& diagnostic : diagnostics) shown += render(diagnostic);
  return shown;
}

class LoadSuiteMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(LoadSuiteMistakes, AreShownWithTheirPlaceAndAHint) {
  EXPECT_THAT(shown_for(GetParam().suite), StrEq(GetParam().shown));
}

// clang-format off
const Mistake kMistakes[] = {
    {"BrokenJson", R"({"suite": "s",
 "scenarios": [})",
     R"(s.json:2:16: expected a value or ']', found '}'
  hint: a value is a string in double quotes, a number, true, false, null, [ ... ] or { ... }
)"},

    {"UnknownKeyOfSuite", R"({"suite": "s", "tiemout": "1s",
 "scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:16: unknown key 'tiemout' in a suite
  hint: did you mean 'timeout'?
)"},

    {"UnknownKeyOfScenario", R"({"suite": "s", "scenarios": [{"id": "a","titel": "x", "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:41: unknown key 'titel' in a scenario
  hint: did you mean 'title'?
)"},

    {"NoReasonForNoVary", R"({"suite": "s", "no_vary": " ", "scenarios": [{"id": "a",
"no_vary": {"timing": ""}, "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:27: 'no_vary' needs a reason
  hint: say why it does not hold under a variant
s.json:2:23: 'no_vary' needs a reason
  hint: say why it does not hold under a variant
)"},

    {"UnknownKeyOfServer", R"({"suite": "s", "scenarios": [{"id": "a","server": {"onec": true}, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:52: unknown key 'onec' in 'server'
  hint: did you mean 'once'?
)"},

    {"UnknownKeyOfStep", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "x", "onn": "c"}
]}]})",
     R"(s.json:3:15: unknown key 'onn' in step 'send'
  hint: did you mean 'on'?
)"},

    {"UnknownVerb", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expct": "x"}
]}]})",
     R"(s.json:3:2: unknown step 'expct'
  hint: did you mean 'expect'?
)"},

    {"UnknownVerbBehindItsOptions", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"on": "c", "note": "n", "expct": "x"}
]}]})",
     R"(s.json:3:26: unknown step 'expct'
  hint: did you mean 'expect'?
)"},

    {"StepOfOptionsOnly", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"on": "c"}
]}]})",
     R"(s.json:3:1: this step has no verb
  hint: known: connect, send, expect, close, listen, accept, spawn, look, call
)"},

    {"EmptyStep", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{}
]}]})",
     R"(s.json:2:1: this step has no verb
  hint: known: connect, send, expect, close, listen, accept, spawn, look, call
)"},

    {"StepThatIsNoObject", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
"connect"
]}]})",
     R"(s.json:2:1: a step must be an object, but is a string
)"},

    {"TwoVerbs", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "x", "expect": "y"}
]}]})",
     R"(s.json:3:15: two verbs in one step: 'send' and 'expect'
  hint: write two steps
)"},

    {"WrongTypeOfNewName", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": 5}
]}]})",
     R"(s.json:2:13: 'connect' must be a name for the connection, but is a number
)"},

    {"NewNameCannotBeLeftOut", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": true}
]}]})",
     R"(s.json:2:13: 'connect' must be a name for the connection, but is true
)"},

    {"WrongTypeOfAddress", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "to": 7788}
]}]})",
     R"(s.json:2:24: 'to' must be an address such as "127.0.0.1:7788", but is a number
)"},

    {"WrongTypeOfChoice", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "outcome": true}
]}]})",
     R"(s.json:2:29: 'outcome' must be one word of a list, but is true
  hint: known: connected, refused, timeout
)"},

    {"UnknownChoice", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "outcome": "refusd"}
]}]})",
     R"(s.json:2:29: 'outcome' cannot be 'refusd'
  hint: did you mean 'refused'?
)"},

    {"WrongTypeOfInteger", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "count": "three"}
]}]})",
     R"(s.json:2:27: 'count' must be a whole number, zero or more, but is a string
)"},

    {"FractionForInteger", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "count": 1.5}
]}]})",
     R"(s.json:2:27: 'count' must be a whole number, zero or more, but is 1.5
)"},

    {"NegativeInteger", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "count": -1}
]}]})",
     R"(s.json:2:27: 'count' must be a whole number, zero or more, but is -1
)"},

    {"LargeInteger", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "count": 1000000001}
]}]})",
     R"(s.json:2:27: 'count' must be a whole number, zero or more (at most 1000000000), but is 1000000001
)"},

    {"WrongTypeOfConnection", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "x", "on": 5}
]}]})",
     R"(s.json:3:21: 'on' must be the name of a connection, but is a number
)"},

    {"FalseForConnection", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "x", "on": false}
]}]})",
     R"(s.json:3:21: 'on' must be the name of a connection, but is false
)"},

    {"WrongTypeOfPayload", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": 5}
]}]})",
     R"(s.json:3:10: a payload cannot be a number
  hint: text in quotes, an object such as {"hex": "c4 e3"}, or a list of these
)"},

    {"WrongTypeOfMatcher", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": null}
]}]})",
     R"(s.json:3:12: a payload cannot be null
  hint: text in quotes, an object such as {"hex": "c4 e3"}, or a list of these
)"},

    {"WrongTypeOfVariable", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": "x", "capture": []}
]}]})",
     R"(s.json:3:28: 'capture' must be a name for the variable, but is an array
)"},

    {"BadVariableName", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": "x", "capture": "a b"}
]}]})",
     R"(s.json:3:28: bad name 'a b' for a variable
  hint: letters, digits, '_' and '-'
)"},

    {"WrongTypeOfBoolean", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"spawn": "p", "watch": "yes"}
]}]})",
     R"(s.json:2:25: 'watch' must be true or false, but is a string
)"},

    {"WrongTypeOfListener", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"listen": "desk"},
{"accept": "c", "on": true}
]}]})",
     R"(s.json:3:23: 'on' must be the name of a listener, but is true
)"},

    {"WrongTypeOfProgram", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"spawn": "p"},
{"look": "target", "of": ["p"]}
]}]})",
     R"(s.json:3:26: 'of' must be the name of a launched program, or "target", but is an array
)"},

    {"WrongTypeOfText", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"look": "target", "bound_to": {}}
]}]})",
     R"(s.json:2:32: 'bound_to' must be a text, but is an object
)"},

    {"WrongTypeOfChoices", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"look": "target", "state": ["LISTEN", 5]}
]}]})",
     R"(s.json:2:40: 'state' must be one word of a list, or several as a list, but is a number
  hint: known: LISTEN, ESTABLISHED, TIME_WAIT
)"},

    {"UnknownOneOfChoices", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"look": "target", "state": ["LISTEN", "TIMEWAIT"]}
]}]})",
     R"(s.json:2:40: 'state' cannot be 'TIMEWAIT'
  hint: did you mean 'TIME_WAIT'?
)"},

    {"NoChoices", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"look": "target", "state": []}
]}]})",
     R"(s.json:2:29: 'state' names nothing
  hint: a list must name one at least
)"},

    {"WrongTypeOfConnections", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"look": ["c", true]}
]}]})",
     R"(s.json:3:16: 'look' must be the name of a connection (a closed one too), a list of names, or "target", but is true
)"},

    {"EmptyListOfConnections", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"close": []}
]}]})",
     R"(s.json:3:11: 'close' names nothing
  hint: a list must name one at least
)"},

    {"ConnectionTwiceInAList", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"close": ["c", "c"]}
]}]})",
     R"(s.json:3:17: 'c' stands twice in this list
)"},

    {"WrongTypeOfDescriptor", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"call": "recv", "on": {}}
]}]})",
     R"(s.json:3:24: 'on' must be the name of a connection, a socket or a listener, but is an object
)"},

    {"WrongTypeOfDuration", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "within": 5}
]}]})",
     R"(s.json:2:28: 'within' must be a string, but is a number
  hint: a number and its unit (ns, us, ms, s, m or h), such as "200ms"
)"},

    {"BadDuration", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "within": "5 s"}
]}]})",
     R"(s.json:2:28: bad duration '5 s'
  hint: a number and its unit (ns, us, ms, s, m or h), such as "200ms"; 24h at most
)"},

    {"DurationOverADay", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "within": "25h"}
]}]})",
     R"(s.json:2:28: bad duration '25h'
  hint: a number and its unit (ns, us, ms, s, m or h), such as "200ms"; 24h at most
)"},

    {"BadTimeoutOfSuite", R"({"suite": "s", "timeout": "fast",
"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:27: bad duration 'fast'
  hint: a number and its unit (ns, us, ms, s, m or h), such as "200ms"; 24h at most
)"},

    {"ZeroTimeout", R"({"suite": "s", "timeout": "0s",
"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:27: 'timeout' must be longer than zero
)"},

    {"UnknownEncodingOfSuite", R"({"suite": "s", "encoding": "gkb",
"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:28: unknown encoding 'gkb'
  hint: did you mean 'gbk'?
)"},

    {"UnknownEncodingOfText", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"text": "x", "encoding": "latin-9"}}
]}]})",
     R"(s.json:3:36: unknown encoding 'latin-9'
  hint: did you mean 'latin-1'?
)"},

    {"TextThatTheEncodingCannotHold", R"({"suite": "s", "scenarios": [{"id": "a","encoding": "gbk", "steps": [
{"connect": "c"},
{"send": "10 €"}
]}]})",
     R"(s.json:3:10: character 4 (U+20AC) is not in gbk
  hint: choose another encoding: {"text": "...", "encoding": "utf-8"}, or give the octets: {"hex": "..."}
)"},

    {"VariableTextThatTheEncodingCannotHold", R"({"suite": "s", "scenarios": [{"id": "a","encoding": "gbk", "steps": [
{"connect": "c"},
{"send": "${c.port} €"}
]}]})",
     R"(s.json:3:10: character 11 (U+20AC) is not in gbk
  hint: choose another encoding: {"text": "...", "encoding": "utf-8"}, or give the octets: {"hex": "..."}
)"},

    {"BadHex", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"hex": "c4 e"}}
]}]})",
     R"(s.json:3:18: bad hex
  hint: pairs of hex digits, such as "c4 e3"
)"},

    {"BadBase64", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"base64": "abc"}}
]}]})",
     R"(s.json:3:21: bad base64
  hint: base64 of RFC 4648, with its padding
)"},

    {"UnknownConnection", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "client"},
{"send": "x", "on": "cleint"}
]}]})",
     R"(s.json:3:21: unknown connection 'cleint'
  hint: did you mean 'client'?
)"},

    {"UnknownConnectionBeforeAny", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"send": "x", "on": "c"}
]}]})",
     R"(s.json:2:21: unknown connection 'c'
  hint: there is no connection yet: add a 'connect' before this step
)"},

    {"UnknownListener", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"accept": "c", "on": "desk"}
]}]})",
     R"(s.json:2:23: unknown listener 'desk'
  hint: there is no listener yet: add a 'listen' before this step
)"},

    {"UnknownProgram", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"look": "target", "of": "p"}
]}]})",
     R"(s.json:2:26: unknown program 'p'
  hint: known: target
)"},

    {"UseAfterClose", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"close": "c"},
{"send": "x", "on": "c"}
]}]})",
     R"(s.json:4:21: 'c' was closed by an earlier step
  hint: or was expected to be refused; connect again before this step, or use another one
)"},

    {"AcceptAfterCloseOfListener", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"listen": "desk"},
{"close": "desk"},
{"accept": "c", "on": "desk"}
]}]})",
     R"(s.json:4:23: 'desk' was closed by an earlier step
  hint: or was expected to be refused; connect again before this step, or use another one
)"},

    {"UseOfARefusedConnection", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "outcome": "refused"},
{"send": "x", "on": "c"}
]}]})",
     R"(s.json:3:21: 'c' was closed by an earlier step
  hint: or was expected to be refused; connect again before this step, or use another one
)"},

    {"NoConnectionNamedWhileTwoAreOpen", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "a"},
{"connect": "b"},
{"send": "x"}
]}]})",
     R"(s.json:4:1: step 'send' does not say which connection it means
  hint: name one of: a, b
)"},

    {"NoConnectionNamedWhileNoneIsOpen", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"send": "x"}
]}]})",
     R"(s.json:2:1: step 'send' does not say which connection it means
  hint: none is open here: add a 'connect' before it
)"},

    {"TrueWhileTwoAreOpen", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "a"},
{"connect": "b"},
{"close": true}
]}]})",
     R"(s.json:4:11: step 'close' does not say which connection it means
  hint: name one of: a, b
)"},

    {"NameInUse", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "a"},
{"connect": "a"}
]}]})",
     R"(s.json:3:13: 'a' is already in use
  hint: choose another name
)"},

    {"BadNameIsReportedOnce", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "a b"},
{"send": "x", "on": "a b"}
]}]})",
     R"(s.json:2:13: bad name 'a b'
  hint: letters, digits, '_' and '-'; "target" is what is tested
)"},

    {"TargetIsNoNameToGive", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "target"}
]}]})",
     R"(s.json:2:13: bad name 'target'
  hint: letters, digits, '_' and '-'; "target" is what is tested
)"},

    {"UnknownVariable", R"({"suite": "s", "vars": {"request": "x"}, "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "${reqest}"}
]}]})",
     R"(s.json:3:10: unknown variable 'reqest'
  hint: did you mean 'request'?
)"},

    {"VariableCapturedLater", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "${x}"},
{"expect": {"until": "\n"}, "capture": "x"}
]}]})",
     R"(s.json:3:10: unknown variable 'x'
  hint: known: loopback, target.address, target.host, target.port, c.address, c.host, c.port, c.peer, backlog, client_failure_code, client_success_code, clients, drain_signal, drain_within, quiet, reply_within, slack, step_timeout
)"},

    {"PeerOfTheTarget", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c", "to": "${target.peer}"}
]}]})",
     R"(s.json:2:24: unknown variable 'target.peer'
  hint: did you mean 'target.port'?
)"},

    {"UnclosedVariable", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "a ${b"}
]}]})",
     R"(s.json:3:10: '${' is never closed
  hint: write '$${' for a literal '${'
)"},

    {"UnclosedVariableBeforeAnother", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "a ${b ${c.port}"}
]}]})",
     R"(s.json:3:10: '${' is never closed
  hint: write '$${' for a literal '${'
)"},

    {"EmptyVariable", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": "${}"}
]}]})",
     R"(s.json:3:10: '${}' names no variable
  hint: write '$${' for a literal '${'
)"},

    {"WrongTypeOfVars", R"({"suite": "s", "vars": ["a"],
"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:24: 'vars' must be an object, but is an array
)"},

    {"WrongTypeOfAVar", R"({"suite": "s", "vars": {"a": 1.5},
"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:30: variable 'a' must be a string, but is a number
)"},

    {"VarThatRefersToAnother", R"({"suite": "s", "vars": {"a": "x", "b": "${a}"},
"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:40: variable 'b' refers to another variable
  hint: its value is taken as it stands; refer to both where they are used
)"},

    {"DuplicateId", R"({"suite": "s", "scenarios": [
{"id": "a", "steps": [{"connect": "c"}]},
{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:3:8: duplicate id 'a'
  hint: the first one is in line 2
)"},

    {"BadId", R"({"suite": "s", "scenarios": [
{"id": "a/b", "steps": [{"connect": "c"}]},
{"id": "", "steps": [{"connect": "c"}]}]})",
     R"(s.json:2:8: bad id 'a/b'
  hint: letters, digits, '-', '_' and '.', at most 200
s.json:3:8: bad id ''
  hint: letters, digits, '-', '_' and '.', at most 200
)"},

    {"WrongTypeOfIdIsReportedOnce", R"({"suite": "s", "scenarios": [
{"id": 1, "steps": [{"connect": "c"}]},
{"id": 2, "steps": [{"connect": "c"}]}]})",
     R"(s.json:2:8: 'id' must be a string, but is a number
s.json:3:8: 'id' must be a string, but is a number
)"},

    {"EmptyObject", R"({})",
     R"(s.json:1:1: a suite needs 'suite'
  hint: suite: its name, dotted: "article.listener"
s.json:1:1: a suite needs 'scenarios'
  hint: scenarios: its checks
)"},

    {"EmptyFile", R"()",
     R"(s.json:1:1: the file is empty
  hint: a JSON file holds one value, mostly an object: { ... }
)"},

    {"EmptySuite", R"({"suite": "s", "scenarios": []})",
     R"(s.json:1:29: 'scenarios' is empty
  hint: a check that checks nothing would always pass
)"},

    {"EmptyName", R"({"suite": "", "scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:11: the suite's name is empty
  hint: reports tell suites apart by it
)"},

    {"EmptySteps", R"({"suite": "s", "scenarios": [{"id": "a", "steps": []}]})",
     R"(s.json:1:51: 'steps' is empty
  hint: a check that checks nothing would always pass
)"},

    {"WrongTypeOfScenarios", R"({"suite": "s", "scenarios": {}})",
     R"(s.json:1:29: 'scenarios' must be an array, but is an object
)"},

    {"ScenarioThatIsNoObject", R"({"suite": "s", "scenarios": ["a"]})",
     R"(s.json:1:30: a scenario must be an object, but is a string
)"},

    {"WrongTypeOfSteps", R"({"suite": "s", "scenarios": [{"id": "a", "steps": "connect"}]})",
     R"(s.json:1:51: 'steps' must be an array, but is a string
)"},

    {"SuiteThatIsNoObject", R"([])",
     R"(s.json:1:1: a suite must be an object, but is an array
)"},

    {"MissingNameOfSuite", R"({"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:1: a suite needs 'suite'
  hint: suite: its name, dotted: "article.listener"
)"},

    {"MissingScenarios", R"({"suite": "s"})",
     R"(s.json:1:1: a suite needs 'scenarios'
  hint: scenarios: its checks
)"},

    {"MissingId", R"({"suite": "s", "scenarios": [{"steps": [{"connect": "c"}]}]})",
     R"(s.json:1:30: a scenario needs 'id'
  hint: id: unique in the suite; letters, digits, '-', '_' and '.'
)"},

    {"MissingSteps", R"({"suite": "s", "scenarios": [{"id": "a"}]})",
     R"(s.json:1:30: a scenario needs 'steps'
  hint: steps: what is done and expected, in order
)"},

    {"MissingFieldOfStep", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"accept": "c"}
]}]})",
     R"(s.json:2:1: step 'accept' needs 'on'
  hint: on: the listener
)"},

    {"UnknownCapability", R"({"suite": "s", "scenarios": [{"id": "a","needs": ["process", "control.close_listner"], "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:62: unknown capability 'control.close_listner'
  hint: did you mean 'control.close_listener'?
)"},

    {"WrongTypeOfNeeds", R"({"suite": "s", "scenarios": [{"id": "a","needs": "process", "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:50: 'needs' must be an array, but is a string
)"},

    {"WrongTypeOfANeed", R"({"suite": "s", "scenarios": [{"id": "a","needs": ["process", 2], "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:62: each of 'needs' must be a string, but is a number
)"},

    {"WrongTypeOfTags", R"({"suite": "s", "scenarios": [{"id": "a","tags": {}, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:49: 'tags' must be an array, but is an object
)"},

    {"UnknownLevel", R"({"suite": "s", "scenarios": [{"id": "a","level": "must not", "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:50: unknown level 'must not'
  hint: known: MUST, SHOULD, MAY
)"},

    {"LowerCaseLevel", R"({"suite": "s", "scenarios": [{"id": "a","level": "must", "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:50: unknown level 'must'
  hint: did you mean 'MUST'?
)"},

    {"WrongTypeOfLevel", R"({"suite": "s", "scenarios": [{"id": "a","level": 1, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:50: 'level' must be a string, but is a number
)"},

    {"WrongTypeOfTitle", R"({"suite": "s", "scenarios": [{"id": "a","title": 1, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:50: 'title' must be a string, but is a number
)"},

    {"WrongTypeOfFlag", R"({"suite": "s", "scenarios": [{"id": "a","ignore_leftover": "no", "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:60: 'ignore_leftover' must be true or false, but is a string
)"},

    {"WrongTypeOfServer", R"({"suite": "s", "scenarios": [{"id": "a","server": true, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:51: 'server' must be an object, but is true
)"},

    {"WrongTypeOfServerFlag", R"({"suite": "s", "scenarios": [{"id": "a","server": {"once": 1}, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:60: 'once' must be true or false, but is a number
)"},

    {"PortBeyondTheLast", R"({"suite": "s", "scenarios": [{"id": "a","server": {"port": 65536}, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:60: 'port' must be between 0 and 65535
)"},

    {"FractionForPort", R"({"suite": "s", "scenarios": [{"id": "a","server": {"port": 80.5}, "steps": [
{"connect": "c"}
]}]})",
     R"(s.json:1:60: 'port' must be a whole number, but is 80.5
)"},

    {"ByteOrderMark", "\xef\xbb\xbf{\"suite\": \"s\"}",
     R"(s.json:1:1: the file begins with a byte order mark (ef bb bf)
  hint: remove the byte order mark: save the file as UTF-8 without BOM
)"},

    {"RepeatedKey", R"({"suite": "s", "suite": "t",
"scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})",
     R"(s.json:1:16: the key 'suite' stands twice in this object
  hint: remove one of the two; the first is at line 1, column 2
)"},

    {"MissingPayloadFile", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"file": "missing.bin"}}
]}]})",
     R"(s.json:3:19: 'missing.bin': cannot read the file: No such file or directory
  hint: a payload's file is looked for beside the suite's file
)"},

    {"PayloadFileThatIsADirectory", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"file": "."}}
]}]})",
     R"(s.json:3:19: '.': cannot read the file: Is a directory
  hint: a payload's file is looked for beside the suite's file
)"},

    {"BadRegex", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"regex": "(a"}}
]}]})",
     R"(s.json:3:22: bad regex: missing ): (a
  hint: the syntax is RE2's: https://github.com/google/re2/wiki/Syntax
)"},

    {"RegexThatMatchesNothing", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"regex": "a*"}}
]}]})",
     R"(s.json:3:22: this regex matches the empty text, so it would always pass
  hint: make one of its parts obligatory: "x+", not "x*"
)"},

    {"WrongAsOfRegex", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"regex": "a", "as": "octets"}}
]}]})",
     R"(s.json:3:33: 'as' must be "bytes" or "text"
)"},

    {"WrongTypeOfRegex", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"regex": 5}}
]}]})",
     R"(s.json:3:22: 'regex' must be a string, but is a number
)"},

    {"UnknownKeyOfRegex", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"regex": "a", "capture": "x"}}
]}]})",
     R"(s.json:3:27: unknown key 'capture' in a 'regex' matcher
  hint: known: regex, as
)"},

    {"ExpectNothing", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": ""}
]}]})",
     R"(s.json:3:12: nothing is expected here, so it would always pass
  hint: "expect_silence" and "expect_eof" say that nothing comes
)"},

    {"ExpectBadPayloadIsReportedOnce", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"hex": "c"}}
]}]})",
     R"(s.json:3:20: bad hex
  hint: pairs of hex digits, such as "c4 e3"
)"},

    {"LengthZero", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"length": 0}}
]}]})",
     R"(s.json:3:23: 'length' must be at least 1: how many octets
)"},

    {"FractionForLength", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"length": 1.0}}
]}]})",
     R"(s.json:3:23: 'length' must be a whole number, but is 1.0
)"},

    {"UnknownMatcher", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"prefx": "a"}}
]}]})",
     R"(s.json:3:13: this is neither a payload nor a matcher
  hint: did you mean 'prefix'?
)"},

    {"TwoMatchers", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"expect": {"prefix": "a", "contains": "b"}}
]}]})",
     R"(s.json:3:28: 'prefix' and 'contains' exclude each other
  hint: write one 'expect' for each
)"},

    {"UnknownPayload", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"hexx": "00"}}
]}]})",
     R"(s.json:3:11: this is no payload
  hint: did you mean 'hex'?
)"},

    {"EmptyPayloadObject", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {}}
]}]})",
     R"(s.json:3:10: this is no payload
  hint: known: text, hex, base64, file, repeat, random, param, slice, frame
)"},

    {"MatcherForPayload", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"prefix": "a"}}
]}]})",
     R"(s.json:3:11: 'prefix' is a matcher, but a payload is due
  hint: known: text, hex, base64, file, repeat, random, param, slice, frame
)"},

    {"TwoPayloads", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"text": "a", "hex": "00"}}
]}]})",
     R"(s.json:3:24: 'text' and 'hex' exclude each other
  hint: one after the other they are a list: [{"text": "a"}, {"hex": "0d 0a"}]
)"},

    {"OptionOfAnotherPayload", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"hex": "00", "times": 2}}
]}]})",
     R"(s.json:3:24: unknown key 'times' in a 'hex' payload
  hint: known: hex
)"},

    {"RepeatWithoutTimes", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"repeat": "a"}}
]}]})",
     R"(s.json:3:10: this payload needs 'times' too
  hint: {"repeat": "x", "times": 3}, or {"random": 1024, "seed": 1}
)"},

    {"RepeatZeroTimes", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"repeat": "a", "times": 0}}
]}]})",
     R"(s.json:3:35: 'times' must be at least 1
)"},

    {"RepeatTooLarge", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"repeat": "ab", "times": 33554433}}
]}]})",
     R"(s.json:3:36: a payload must have at most 64 MiB
)"},

    {"RepeatOfVariableTooLarge", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"repeat": "${c.port}", "times": 262145}}
]}]})",
     R"(s.json:3:43: a payload must have at most 64 MiB
)"},

    {"RandomWithoutSeed", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"random": 5}}
]}]})",
     R"(s.json:3:10: this payload needs 'seed' too
  hint: {"repeat": "x", "times": 3}, or {"random": 1024, "seed": 1}
)"},

    {"RandomTooLarge", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"random": 67108865, "seed": 1}}
]}]})",
     R"(s.json:3:21: a payload must have at most 64 MiB
)"},

    {"NegativeRandom", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": {"random": -1, "seed": 1}}
]}]})",
     R"(s.json:3:21: 'random' must be at least 1: how many octets
)"},

    {"ListTooLarge", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": [{"repeat": "a", "times": 67108864}, "b"]}
]}]})",
     R"(s.json:3:47: a payload must have at most 64 MiB
)"},

    {"MistakeInAList", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
{"connect": "c"},
{"send": ["a", {"hex": "0"}, 5]}
]}]})",
     R"(s.json:3:24: bad hex
  hint: pairs of hex digits, such as "c4 e3"
s.json:3:30: a payload cannot be a number
  hint: text in quotes, an object such as {"hex": "c4 e3"}, or a list of these
)"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, LoadSuiteMistakes, ::testing::ValuesIn(kMistakes),
                         [](const auto& mistake) { return std::string(mistake.param.name); });

TEST(LoadSuiteMistakesTest, InvalidUtf8IsShownWithItsPlace) {
  EXPECT_THAT(shown_for("{\"suite\":\n \"caf\xe9\"}"),
              StrEq("s.json:2:6: the octet 0xe9 is not valid UTF-8 here\n"
                    "  hint: save the file as UTF-8 (without BOM)\n"));
}

TEST(LoadSuiteMistakesTest, AHundredThousandNestedArraysAreOneMistake) {
  EXPECT_THAT(shown_for(std::string(100'000, '[')),
              StrEq("s.json:1:65: arrays and objects are nested deeper than 64 levels\n"
                    "  hint: is a closing bracket missing further up?\n"));
}

TEST(LoadSuiteMistakesTest, ManyKeysAndALongWordAreReportedInBoundedTime) {
  const auto shown = shown_for("{\"" + std::string(1'000'000, 'x') + "\": 1}");
  EXPECT_THAT(shown, ::testing::HasSubstr("in a suite"));
}

TEST(LoadSuiteMistakesTest, HostileCharactersOfTheFileAreEscaped) {
  EXPECT_THAT(
      shown_for(
          R"({"suite": "s", "scenarios": [{"id": "\u001b[2J", "steps": [{"connect": "c"}]}]})"),
      StrEq("s.json:1:37: bad id '\\x1b[2J'\n"
            "  hint: letters, digits, '-', '_' and '.', at most 200\n"));
}

TEST(LoadSuiteMistakesTest, AreInTheOrderOfTheFile) {
  EXPECT_THAT(shown_for(R"({
  "suite": "s",
  "timeout": 5,
  "scenarios": [
    { "id": "a", "steps": [ { "send": "x" } ], "levle": "MAY" },
    { "id": "b", "needs": ["local_"], "steps": [ { "connect": "c", "count": 0.5 }, { "send": 1 } ] }
  ],
  "encoding": "koi8"
})"),
              StrEq(R"(s.json:3:14: 'timeout' must be a string, but is a number
  hint: a number and its unit (ns, us, ms, s, m or h), such as "200ms"
s.json:5:29: step 'send' does not say which connection it means
  hint: none is open here: add a 'connect' before it
s.json:5:48: unknown key 'levle' in a scenario
  hint: did you mean 'level'?
s.json:6:28: unknown capability 'local_'
  hint: did you mean 'local'?
s.json:6:77: 'count' must be a whole number, zero or more, but is 0.5
s.json:6:94: a payload cannot be a number
  hint: text in quotes, an object such as {"hex": "c4 e3"}, or a list of these
s.json:8:15: unknown encoding 'koi8'
  hint: known: gbk, utf-8, gb18030, latin-1, ascii
)"));
}

}  // namespace
}  // namespace dialtone
