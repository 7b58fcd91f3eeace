#include <fmt/format.h>

#include <array>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

class ExpectExit : public Step {
 public:
  explicit ExpectExit(StepReader& reader)
      : program_(reader.name("expect_exit")),
        code_(reader.integer("code", 0)),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    auto* process = session.program(program_);
    if (process == nullptr)
      co_return impossible("NoProcess", fmt::format("'{}' is no program of ours", program_));
    const auto deadline = session.deadline(within_);
    const auto wanted = fmt::format("exit code {}", code_);
    const bool ended = co_await process->wait_exit(deadline.at());
    if (!ended && deadline.spoilt(session.loop()))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    if (!ended) {
      const auto running =
          fmt::format("still running after {}", format_duration(deadline.budget()));
      co_return failed("Timeout",
                       fmt::format("expected '{}' to end, but it is {}", program_, running), wanted,
                       running);
    }
    const auto status = process->exit_status();
    session.recorder().note(fmt::format("'{}' ended: {}", program_, to_string(*status)));
    if (!status->signaled && status->code == code_) co_return Passed{};
    co_return failed(
        "ExitStatus",
        fmt::format("'{}' ended with {}, expected {}", program_, to_string(*status), wanted),
        wanted, to_string(*status));
  }

 private:
  std::string program_;
  int code_;
  std::optional<Duration> within_;
};

class ExpectOutput : public Step {
 public:
  explicit ExpectOutput(StepReader& reader)
      : program_(reader.name("expect_output")),
        contains_(reader.payload("contains")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    auto* process = session.program(program_);
    if (process == nullptr)
      co_return impossible("NoProcess", fmt::format("'{}' is no program of ours", program_));
    const auto wanted = session.octets(contains_);
    if (const auto* problem = std::get_if<Impossible>(&wanted)) co_return *problem;
    const auto& octets = std::get<Bytes>(wanted);
    const auto deadline = session.deadline(within_);
    const bool seen = co_await process->wait_output(
        [&octets](const Process::Output& output) { return output.out.find(octets) != Bytes::npos; },
        deadline.at());
    if (seen) co_return Passed{};
    if (deadline.has_passed() && deadline.spoilt(session.loop())) {
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    }
    auto result =
        failed("OutputMismatch", fmt::format("'{}' did not print what was expected", program_),
               fmt::format("its standard output contains {} given octets", octets.size()));
    result.problem.bytes = ByteComparison{octets, process->output().out, 0, Encoding::kUtf8};
    co_return result;
  }

 private:
  std::string program_;
  Payload contains_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_expect_exit(StepReader& reader) {
  if (reader.name("expect_exit") == "target") reader.need("process");
  return std::make_shared<ExpectExit>(reader);
}

std::shared_ptr<const Step> parse_expect_output(StepReader& reader) {
  if (reader.name("expect_output") == "target") reader.need("process");
  return std::make_shared<ExpectOutput>(reader);
}

constexpr std::array kExitFields{
    Field{"expect_exit", FieldType::kProgram, "the program", true},
    Field{"code", FieldType::kInteger, "its exit code; 0 by default"},
};
constexpr std::array kOutputFields{
    Field{"expect_output", FieldType::kProgram, "the program", true},
    Field{"contains", FieldType::kPayload, "octets that must be in it; mind the encoding", true},
};

}  // namespace

extern const StepSpec kExpectExit{
    .verb = "expect_exit",
    .summary = "A program ends by itself with this exit code. A signal is told apart from a code.",
    .fields = kExitFields,
    .needs = "",
    .example = R"({ "expect_exit": "target" })",
    .parse = parse_expect_exit};

extern const StepSpec kExpectOutput{
    .verb = "expect_output",
    .summary = "A program prints this on its standard output.",
    .fields = kOutputFields,
    .needs = "",
    .example = R"({ "expect_output": "caller", "contains": {"text": "ok", "encoding": "utf-8"} })",
    .parse = parse_expect_output};

}  // namespace dialtone
