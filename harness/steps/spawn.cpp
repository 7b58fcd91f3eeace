#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <vector>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 2> kPrograms{"client", "tls_client"};

class Spawn : public Step {
 public:
  explicit Spawn(StepReader& reader)
      : name_(reader.name("spawn")),
        program_(reader.text_or("program", "client")),
        to_(reader.text("to", "${target.address}")),
        input_(read_input(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto to = session.address(to_);
    if (const auto* problem = std::get_if<Impossible>(&to)) co_return *problem;
    const auto& address = std::get<SocketAddress>(to);
    auto input = session.octets(
        input_, {{"host", address.host()}, {"port", std::to_string(address.port())}});
    if (const auto* problem = std::get_if<Impossible>(&input)) co_return *problem;
    auto launch = session.target().program(program_, address);
    if (!launch)
      co_return impossible("NoProgram", fmt::format("the target has no program '{}'", program_));
    session.recorder().note(fmt::format("launch '{}': {}", name_, fmt::join(launch->argv, " ")));
    launch->input = std::move(std::get<Bytes>(input));
    auto process = co_await Process::launch(session.loop(), std::move(*launch));
    if (!process.ok()) co_return impossible("CannotLaunch", process.error().text);
    session.add_program(name_, std::move(process.value()));
    co_return Passed{};
  }

 private:
  /// What it shall call may stand in its input, as in its command line.
  static Payload read_input(StepReader& reader) {
    reader.scope().define_for_one_field({"host", "port"});
    auto input = reader.payload("input");
    reader.scope().define_for_one_field({});
    return input;
  }

  std::string name_;
  std::string program_;
  Template to_;
  Payload input_;
};

std::shared_ptr<const Step> parse_spawn(StepReader& reader) {
  reader.need(reader.text_or("program", "client"));
  return std::make_shared<Spawn>(reader);
}

constexpr std::array kFields{
    Field{"spawn", FieldType::kNewProgram, "a name for the running program", true},
    Field{"program", FieldType::kChoice, "which of the profile's programs; \"client\" by default",
          false, kPrograms},
    Field{
        "to", FieldType::kAddress,
        "the address that it shall call: ${host} and ${port} of its command line and environment"},
    Field{"input", FieldType::kPayload,
          "its standard input, ${host} and ${port} too; nothing by default"},
};

}  // namespace

extern const StepSpec kSpawn{
    .verb = "spawn",
    .summary =
        "Launches a program that the profile names (never a command of the suite's own) in a "
        "process group of its own.",
    .fields = kFields,
    .needs = "",
    .example =
        R"({ "spawn": "caller", "to": "${desk.address}", "input": {"text": "hi\n", "encoding": "utf-8"} })",
    .parse = parse_spawn};

}  // namespace dialtone
