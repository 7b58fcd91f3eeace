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

constexpr std::array<std::string_view, 1> kPrograms{"client"};

class Spawn : public Step {
 public:
  explicit Spawn(StepReader& reader)
      : name_(reader.name("spawn")),
        program_(reader.text_or("program", "client")),
        to_(reader.text("to", "${target.address}")),
        input_(reader.payload("input")) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto to = session.address(to_);
    if (const auto* problem = std::get_if<Impossible>(&to)) co_return *problem;
    auto input = session.octets(input_);
    if (const auto* problem = std::get_if<Impossible>(&input)) co_return *problem;
    auto command = session.target().program(program_, std::get<SocketAddress>(to));
    if (command.empty())
      co_return impossible("NoProgram", fmt::format("the target has no program '{}'", program_));
    session.recorder().note(fmt::format("launch '{}': {}", name_, fmt::join(command, " ")));
    Command launch;
    launch.argv = std::move(command);
    launch.input = std::move(std::get<Bytes>(input));
    auto process = co_await Process::launch(session.loop(), std::move(launch));
    if (!process.ok()) co_return impossible("CannotLaunch", process.error().text);
    session.add_program(name_, std::move(process.value()));
    co_return Passed{};
  }

 private:
  std::string name_;
  std::string program_;
  Template to_;
  Payload input_;
};

std::shared_ptr<const Step> parse_spawn(StepReader& reader) {
  return std::make_shared<Spawn>(reader);
}

constexpr std::array kFields{
    Field{"spawn", FieldType::kNewProgram, "a name for the running program", true},
    Field{"program", FieldType::kChoice, "which of the profile's programs; \"client\" by default",
          false, kPrograms},
    Field{"to", FieldType::kAddress,
          "the address that it shall call: ${host} and ${port} of its command line"},
    Field{"input", FieldType::kPayload, "its standard input; nothing by default"},
};

}  // namespace

extern const StepSpec kSpawn{
    .verb = "spawn",
    .summary =
        "Launches a program that the profile names (never a command of the suite's own) in a "
        "process group of its own.",
    .fields = kFields,
    .needs = "client",
    .example =
        R"({ "spawn": "caller", "to": "${desk.address}", "input": {"text": "hi\n", "encoding": "utf-8"} })",
    .parse = parse_spawn};

}  // namespace dialtone
