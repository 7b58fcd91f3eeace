#include "harness/cli/ctest_script.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

std::string label(std::string_view text) {
  auto shown = printable(text);
  for (auto& letter : shown) {
    if (letter == ';') letter = ',';
    if (letter == '[') letter = '(';
    if (letter == ']') letter = ')';
  }
  return shown;
}

std::string labels_of(const PlannedScenario& planned, const CtestOptions& options) {
  auto all = label(planned.suite->name);
  all += ';' + std::string(name_of(planned.scenario->level));
  for (const auto& tag : planned.scenario->tags) all += ';' + label(tag);
  for (const auto& each : options.labels) all += ';' + label(each);
  return all;
}

void append_words(std::string& out, const std::vector<std::string>& words) {
  for (const auto& word : words) out += ' ' + cmake_argument(word);
}

void append_test(std::string& out, const PlannedScenario& planned, const CtestOptions& options) {
  const auto name = cmake_argument(ctest_name(planned, options.prefix));
  const auto file = std::filesystem::absolute(planned.suite->file).string();
  out += "add_test(" + name;
  append_words(out, options.command);
  append_words(out, {file, "--filter", planned.scenario->id, "--skip-code",
                     std::to_string(options.skip_code)});
  append_words(out, options.arguments);
  out += fmt::format(")\nset_tests_properties({} PROPERTIES SKIP_RETURN_CODE {} LABELS {}", name,
                     options.skip_code, cmake_argument(labels_of(planned, options)));
  for (const auto& [property, value] : options.properties) append_words(out, {property, value});
  out += ")\n";
}

}  // namespace

std::string ctest_name(const PlannedScenario& planned, std::string_view prefix) {
  return fmt::format("{}{}/{}", printable(prefix), printable(planned.suite->name),
                     planned.scenario->id);
}

std::string ctest_script(const std::vector<PlannedScenario>& planned, const CtestOptions& options) {
  std::string out;
  for (const auto& each : planned) append_test(out, each, options);
  return out;
}

std::string cmake_argument(std::string_view text) {
  // The closing bracket's first half counts too: "x]=" in [=[ ]=] would end with "]=]".
  const auto closed = std::string(text) + ']';
  std::string level;
  while (closed.find("]" + level + "]") != std::string::npos) level += '=';
  // A newline that follows the opening bracket at once is no part of the argument.
  const auto* newline = text.starts_with('\n') ? "\n" : "";
  return fmt::format("[{0}[{1}{2}]{0}]", level, newline, text);
}

}  // namespace dialtone
