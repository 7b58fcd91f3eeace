#include <fmt/format.h>

#include <array>
#include <variant>

#include "harness/model/duration.hpp"
#include "harness/model/exit_codes.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/signal_name.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/net/head_tail.hpp"
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
        signal_(reader.text("by_signal", "")),
        codes_(reader.exit_codes("code", {{0}})),
        by_itself_(reader.flag("by_itself")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    auto* process = session.program(program_);
    if (process == nullptr)
      co_return impossible("NoProcess", fmt::format("'{}' is no program of ours", program_));
    const auto deadline = session.deadline(within_);
    const auto signal = wanted_signal(session);
    if (const auto* problem = std::get_if<Impossible>(&signal)) co_return *problem;
    const int number = std::get<int>(signal);
    const auto wanted = wanted_text(number);
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
    if (status->code == ExitStatus::kLost)
      co_return impossible("ExitStatusLost",
                           fmt::format("'{}' ended with {}", program_, to_string(*status)));
    if (!is_wanted(*status, number)) {
      co_return failed(
          "ExitStatus",
          fmt::format(
              "'{}' ended with {}{}, expected {}", program_, to_string(*status),
              is_shells_word(status->code) ? ", which is how a shell tells of a signal" : "",
              wanted),
          wanted, to_string(*status));
    }
    if (!by_itself_ || !process->was_told_to_end()) co_return Passed{};
    co_return impossible(
        "ToldToEnd",
        fmt::format("'{}' ended with {}, but an earlier step had sent it a signal that "
                    "could end it: whether it ended by itself cannot be told",
                    program_, to_string(*status)));
  }

 private:
  /// Whether it tells of a program that a signal has ended (128 + its number), and was only not
  /// excluded: who ends with such a code by intent lists it.
  bool is_shells_word(int code) const {
    return codes_.all_but && !codes_.listed.empty() && code > 128 && code < 160;
  }

  /// 0: none is wanted.
  std::variant<int, Impossible> wanted_signal(Session& session) const {
    if (signal_.empty()) return 0;
    const auto name = session.text(signal_);
    if (const auto* problem = std::get_if<Impossible>(&name)) return *problem;
    const auto number = find_signal(std::get<std::string>(name));
    if (number) return *number;
    return impossible("BadSignal",
                      fmt::format("'{}' is no signal", printable(std::get<std::string>(name))));
  }

  std::string wanted_text(int signal) const {
    return signal == 0 ? describe(codes_)
                       : fmt::format("signal {} ({})", signal, signal_name(signal));
  }

  bool is_wanted(const ExitStatus& status, int signal) const {
    if (status.signaled) return status.code == signal;
    return signal == 0 && codes_.accepts(status.code) && !is_shells_word(status.code);
  }

  std::string program_;
  Template signal_;
  ExitCodes codes_;
  bool by_itself_;
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
    const auto printed = process->output().out;
    if (HeadTail::lacks_octets(printed)) co_return too_long();
    auto result =
        failed("OutputMismatch", fmt::format("'{}' did not print what was expected", program_),
               fmt::format("its standard output contains {} given octets", octets.size()));
    result.problem.bytes = ByteComparison{octets, printed, 0, Encoding::kUtf8};
    co_return result;
  }

 private:
  Impossible too_long() const {
    return impossible("OutputTooLong",
                      fmt::format("'{}' printed more than is kept of it: what was expected may "
                                  "have been in what was dropped",
                                  program_));
  }

  std::string program_;
  Payload contains_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_expect_exit(StepReader& reader) {
  if (reader.name("expect_exit") == "target") reader.need("process");
  const auto signal = reader.text("by_signal", "SIGTERM").constant();
  if (signal && !find_signal(*signal)) {
    reader.report("by_signal", fmt::format("unknown signal '{}'", printable(*signal)),
                  "by its name, such as \"SIGKILL\"");
  }
  if (reader.has("by_signal") && reader.has("code"))
    reader.report("code", "what a signal has ended has no exit code");
  return std::make_shared<ExpectExit>(reader);
}

std::shared_ptr<const Step> parse_expect_output(StepReader& reader) {
  if (reader.name("expect_output") == "target") reader.need("process");
  return std::make_shared<ExpectOutput>(reader);
}

constexpr std::array kExitFields{
    Field{"expect_exit", FieldType::kProgram, "the program", true},
    Field{"code", FieldType::kExitCodes,
          "its exit code, or those that are accepted; never a signal; 0 by default"},
    Field{"by_signal", FieldType::kText, "instead: the signal that ended it, such as \"SIGKILL\""},
    Field{"by_itself", FieldType::kBoolean, "and no step had sent it a signal that could end it"},
};
constexpr std::array kOutputFields{
    Field{"expect_output", FieldType::kProgram, "the program", true},
    Field{"contains", FieldType::kPayload, "octets that must be in it; mind the encoding", true},
};

}  // namespace

extern const StepSpec kExpectExit{
    .verb = "expect_exit",
    .summary = "A program ends, with this exit code or by this signal, which are told apart.",
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
