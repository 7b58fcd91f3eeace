#include "harness/model/fake_steps.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "harness/model/step_reader.hpp"

namespace dialtone {
namespace {

std::vector<FakeRead>& reads() {
  static std::vector<FakeRead> all;
  return all;
}

std::shared_ptr<const Step> note(StepReader& reader, FakeRead read) {
  read.within = reader.duration("within", {});
  reads().push_back(std::move(read));
  return nullptr;
}

std::shared_ptr<const Step> parse_connect(StepReader& reader) {
  const auto name = reader.name("connect");
  reader.text("to", "");
  const int count = reader.integer("count", 1);
  if (reader.has("count")) {
    reader.scope().end(name);
    reader.scope().define_many(name, count > 1000 ? 1000 : count);
  }
  if (reader.text_or("outcome", "connected") != "connected") reader.scope().end(name);
  return note(reader, {.verb = "connect", .names = {name}, .count = count});
}

std::shared_ptr<const Step> parse_send(StepReader& reader) {
  auto payload = reader.payload("send");
  return note(reader, {.verb = "send", .names = {reader.connection("on")}, .payload = payload});
}

std::shared_ptr<const Step> parse_expect(StepReader& reader) {
  auto matcher = reader.matcher("expect");
  auto connection = reader.connection("on");
  if (reader.has("capture")) reader.scope().define_variable(reader.name("capture"));
  return note(reader, {.verb = "expect", .names = {connection}, .matcher = std::move(matcher)});
}

std::shared_ptr<const Step> parse_close(StepReader& reader) {
  auto names = reader.connections("close");
  for (const auto& name : names) reader.scope().end(name);
  return note(reader, {.verb = "close", .names = std::move(names)});
}

std::shared_ptr<const Step> parse_listen(StepReader& reader) {
  return note(reader, {.verb = "listen", .names = {reader.name("listen")}});
}

std::shared_ptr<const Step> parse_accept(StepReader& reader) {
  return note(reader, {.verb = "accept", .names = {reader.name("accept"), reader.name("on")}});
}

std::shared_ptr<const Step> parse_spawn(StepReader& reader) {
  if (reader.flag("watch")) reader.need("socket_table");
  return note(reader, {.verb = "spawn", .names = {reader.name("spawn")}});
}

std::shared_ptr<const Step> parse_look(StepReader& reader) {
  auto names = reader.connections("look");
  return note(reader,
              {.verb = "look", .names = std::move(names), .choices = reader.choices("state")});
}

std::shared_ptr<const Step> parse_call(StepReader& reader) {
  return note(reader, {.verb = "call", .names = {reader.connection("on")}});
}

constexpr std::array<std::string_view, 3> kOutcomes{"connected", "refused", "timeout"};
constexpr std::array<std::string_view, 3> kStates{"LISTEN", "ESTABLISHED", "TIME_WAIT"};
constexpr std::array<std::string_view, 2> kCalls{"recv", "send"};

constexpr std::array kConnectFields{
    Field{"connect", FieldType::kNewConnection, "the connection's name", true},
    Field{"to", FieldType::kAddress, "where to; the target's address by default"},
    Field{"outcome", FieldType::kChoice, "what must come of it", false, kOutcomes},
    Field{"count", FieldType::kInteger, "that many connections, named \"NAME.1\", \"NAME.2\", ..."},
};
constexpr std::array kSendFields{
    Field{"send", FieldType::kPayload, "the octets", true},
    Field{"on", FieldType::kConnection, "the connection; the only one by default"},
};
constexpr std::array kExpectFields{
    Field{"expect", FieldType::kMatcher, "the octets that must come next, or a matcher", true},
    Field{"on", FieldType::kConnection, "the connection; the only one by default"},
    Field{"capture", FieldType::kVariable, "keeps what matched"},
};
constexpr std::array kCloseFields{
    Field{"close", FieldType::kEndedConnections, "the connections, or true for the only one", true},
};
constexpr std::array kListenFields{
    Field{"listen", FieldType::kNewListener, "the listener's name", true},
};
constexpr std::array kAcceptFields{
    Field{"accept", FieldType::kNewConnection, "a name for the connection", true},
    Field{"on", FieldType::kListener, "the listener", true},
};
constexpr std::array kSpawnFields{
    Field{"spawn", FieldType::kNewProgram, "a name for the running program", true},
    Field{"watch", FieldType::kBoolean, "look at its sockets"},
    Field{"code", FieldType::kExitCodes, "how it shall end"},
};
constexpr std::array kLookFields{
    Field{"look", FieldType::kSeenConnections, "what to look at", true},
    Field{"of", FieldType::kProgram, "whose"},
    Field{"state", FieldType::kChoices, "one of these states", false, kStates},
    Field{"bound_to", FieldType::kText, "its local address"},
    Field{"with", FieldType::kConnections, "others to compare it with"},
};
constexpr std::array kCallFields{
    Field{"call", FieldType::kChoice, "the call", true, kCalls},
    Field{"on", FieldType::kDescriptor, "what it is called on"},
    Field{"from", FieldType::kNewSocket, "a socket for it"},
};

constexpr StepSpec kConnect{
    "connect", "Connects | judges what comes of it.",         kConnectFields,
    "",        R"({ "connect": "c", "outcome": "refused" })", parse_connect};
constexpr StepSpec kSend{"send", "Sends octets.",          kSendFields,
                         "",     R"({ "send": "hello" })", parse_send};
constexpr StepSpec kExpect{
    "expect",
    "These octets come next, however TCP cuts them. It fails at the first wrong octet; what comes "
    "after them stays for the next step.",
    kExpectFields,
    "",
    R"({ "expect": "你在么?", "on": "c" })",
    parse_expect};
constexpr StepSpec kClose{"close", "Ends connections.",   kCloseFields,
                          "",      R"({ "close": "c" })", parse_close};
constexpr StepSpec kListen{"listen",    "Listens.", kListenFields, "", R"({ "listen": "desk" })",
                           parse_listen};
constexpr StepSpec kAccept{
    "accept",    "Accepts.", kAcceptFields, "", R"({ "accept": "caller", "on": "desk" })",
    parse_accept};
constexpr StepSpec kSpawn{"spawn",  "Launches a program.", kSpawnFields,
                          "client", R"({ "spawn": "p" })", parse_spawn};
constexpr StepSpec kLook{"look",         "Looks at sockets.",       kLookFields,
                         "socket_table", R"({ "look": "target" })", parse_look};
constexpr StepSpec kCall{"call", "One call.", kCallFields, "", R"({ "call": "recv" })", parse_call};

constexpr std::array kSteps{&kConnect, &kSend,  &kExpect, &kClose, &kListen,
                            &kAccept,  &kSpawn, &kLook,   &kCall};

}  // namespace

std::span<const StepSpec* const> fake_steps() { return kSteps; }

std::vector<FakeRead> take_fake_reads() { return std::exchange(reads(), {}); }

}  // namespace dialtone
