#include "harness/steps/program_ended.hpp"

#include <fmt/format.h>

#include <chrono>

#include "harness/steps/outcome.hpp"

namespace dialtone {
namespace {

constexpr Duration kGrace = std::chrono::seconds(1);

}  // namespace

std::optional<StepOutcome> program_ended(Process& process, std::string_view name) {
  const auto status = process.exit_status();
  if (!status) return std::nullopt;
  return failed("ProgramEnded",
                fmt::format("expected '{}' to run, but it had ended: {}", name, to_string(*status)),
                "it runs", to_string(*status));
}

Task<std::optional<StepOutcome>> program_ended_soon(Process& process, std::string_view name) {
  co_await process.wait_exit(Clock::now() + kGrace);
  co_return program_ended(process, name);
}

}  // namespace dialtone
