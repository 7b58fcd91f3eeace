#include "reports/evidence.hpp"

#include <fmt/format.h>

#include <string_view>

#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "reports/cap.hpp"
#include "reports/report_path.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kStepLimit = 400;    // octets of a step's text: it may hold a long payload
constexpr std::size_t kValueLimit = 4096;  // octets of an expected or actual value
constexpr std::size_t kHeadlineLimit = 1000;

std::string step_text(const ScenarioResult& result) {
  const auto& steps = result.scenario->steps;
  const auto index = static_cast<std::size_t>(result.failed_step);
  if (result.failed_step < 0 || index >= steps.size()) return {};
  const auto& inner = result.problem.step;
  return cap_end(printable(inner.empty() ? steps[index].text : inner), kStepLimit);
}

std::string requirement(const Scenario& scenario) {
  if (scenario.source.empty()) return std::string(name_of(scenario.level));
  return printable(fmt::format("{}, source: {}", name_of(scenario.level), scenario.source));
}

void append_values(Lines& lines, const Problem& problem, const DifferenceStyle& style) {
  const auto show = [&](std::string_view label, std::string_view value, Line::Tone tone) {
    if (value.empty()) return;
    lines.push_back(
        {fmt::format("{:<8}  {}", label, cap_end(printable(value), kValueLimit)), tone});
  };
  if (problem.bytes) {
    append(lines, render_difference(*problem.bytes, style));
    return;
  }
  show("expected", problem.expected, Line::Tone::kExpected);
  show("actual", problem.actual, Line::Tone::kActual);
}

}  // namespace

std::string headline(const ScenarioResult& result) {
  // Printable text is no shorter than what it shows, so what is left out here would be cut anyway.
  const auto shown = std::string_view(result.problem.message).substr(0, kHeadlineLimit + 4);
  auto message = cap_end(printable(shown), kHeadlineLimit);
  if (result.failed_step < 0) return message;
  const auto index = static_cast<std::size_t>(result.failed_step);
  const auto& steps = result.scenario->steps;
  const auto label = index < steps.size() ? steps[index].label : std::string();
  return fmt::format("step {}: {}", label.empty() ? std::to_string(index + 1) : printable(label),
                     message);
}

Lines render_evidence(const ScenarioResult& result, const DifferenceStyle& style,
                      const std::string& root) {
  auto where = result.where;
  where.file = report_path(where.file, root);
  Lines lines{{"at " + printable(to_string(where))}};
  const auto step = step_text(result);
  if (!step.empty()) lines.push_back({"  " + step});
  append_values(lines, result.problem, style);
  lines.push_back({requirement(*result.scenario), Line::Tone::kFaint});
  return lines;
}

}  // namespace dialtone
