#include "harness/model/suite_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/model/parameter.hpp"

namespace dialtone {
namespace {

/// As text of Markdown: what would be markup is not.
std::string plain(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (std::string_view("\\`*_[]<>|#").find(letter) != std::string_view::npos) escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

std::string names_in_code(const std::vector<std::string>& names) {
  return names.empty() ? std::string() : fmt::format("`{}`", fmt::join(names, "`, `"));
}

void append_item(std::string& page, std::string_view label, const std::string& text) {
  if (!text.empty()) page += fmt::format("- **{}**: {}\n", label, text);
}

void append_needs(std::string& page, const Scenario& scenario) {
  std::vector<std::string> capabilities;
  std::vector<std::string> parameters;
  for (const auto& need : scenario.needs) {
    const auto parameter = parameter_of_capability(need);
    if (parameter.empty()) {
      capabilities.push_back(need);
    } else {
      parameters.emplace_back(parameter);
    }
  }
  append_item(page, "Needs", names_in_code(capabilities));
  append_item(page, "Parameters", names_in_code(parameters));
}

void append_proof(std::string& page, const Scenario& scenario, const ProvenBy& proven_by) {
  const auto found = proven_by.find(scenario.id);
  append_item(page, "Proven by the faults",
              found == proven_by.end() ? std::string() : names_in_code(found->second));
  append_item(page, "No fault can break it", plain(scenario.no_fault));
}

void append_scenario(std::string& page, const Scenario& scenario, const ProvenBy& proven_by) {
  page += fmt::format("### {}\n\n{}.\n\n", scenario.id, plain(scenario.title));
  append_item(page, "Level",
              scenario.source.empty()
                  ? std::string(name_of(scenario.level))
                  : fmt::format("{}, from {}", name_of(scenario.level), plain(scenario.source)));
  append_item(page, "MUST where the target provides",
              names_in_code({scenario.must_if.begin(), scenario.must_if.end()}));
  append_needs(page, scenario);
  append_proof(page, scenario, proven_by);
  append_item(page, "A failure usually means", plain(scenario.means));
  append_item(page, "Note", plain(scenario.note));
  append_item(page, "Not under another segmentation", plain(scenario.no_vary.segmentation));
  append_item(page, "Not under another timing", plain(scenario.no_vary.timing));
  page += "\n```json\n";
  for (const auto& step : scenario.outline) page += step + "\n";
  page += "```\n\n";
}

}  // namespace

ProvenBy read_fault_matrix(const std::string& json) {
  const auto matrix = nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!matrix.is_object()) throw std::invalid_argument("this is no fault matrix");
  ProvenBy proven_by;
  for (const auto& [name, row] : matrix.items()) {
    for (const auto& id : row.value("fails", std::vector<std::string>()))
      proven_by[id].push_back(name.substr(name.rfind('/') + 1));
  }
  return proven_by;
}

std::string suite_page(const std::vector<std::shared_ptr<const Suite>>& suites,
                       const ProvenBy& proven_by) {
  std::string page;
  for (const auto& suite : suites) {
    page += fmt::format("## {}\n\n{}.\n\n", plain(suite->name), plain(suite->title));
    for (const auto& scenario : suite->scenarios) append_scenario(page, scenario, proven_by);
  }
  while (page.ends_with("\n\n")) page.pop_back();
  return page;
}

}  // namespace dialtone
