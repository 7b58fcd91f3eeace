#include "harness/model/stray_known_failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "harness/model/json_source.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/read_file.hpp"
#include "harness/model/suite_files.hpp"

namespace dialtone {
namespace {

/// "rob-" of "ROB-01.x": what stands before its number. Empty where it has none.
std::string catalogue_of(std::string_view id) {
  const auto digit = std::ranges::find_if(id, [](unsigned char c) { return std::isdigit(c) != 0; });
  if (digit == id.end()) return {};
  std::string prefix(id.begin(), digit);
  std::ranges::transform(prefix, prefix.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return prefix;
}

/// The ids of a suite's file; what is wrong with it is its own loader's to tell.
void add_ids_of(const std::string& file, std::set<std::string>& ids) {
  Diagnostics ignored;
  const auto text = read_file(file);
  if (!std::holds_alternative<std::string>(text)) return;
  const auto root = parse_json(file, std::get<std::string>(text), ignored);
  const auto* scenarios = root ? root->find("scenarios") : nullptr;
  if (scenarios == nullptr) return;
  for (const auto& scenario : scenarios->items) {
    if (const auto* id = scenario.find("id")) ids.insert(id->string);
  }
}

std::set<std::string> ids_beside(const std::vector<std::shared_ptr<const Suite>>& suites) {
  std::set<std::string> directories;
  for (const auto& suite : suites) {
    const auto directory = std::filesystem::path(suite->file).parent_path().string();
    directories.insert(directory.empty() ? "." : directory);
  }
  std::set<std::string> ids;
  Diagnostics ignored;
  for (const auto& directory : directories) {
    for (const auto& file : suite_files(directory, ignored)) add_ids_of(file, ids);
  }
  return ids;
}

/// "did you mean 'ROB-01'?" of "ROB-01.twice" and "ROB-1"; empty where no id is near.
std::string near_id(const std::string& id, const std::vector<std::string>& ids) {
  const std::string* longest = nullptr;
  for (const auto& each : ids) {
    if (id.starts_with(each) && (longest == nullptr || each.size() > longest->size()))
      longest = &each;
  }
  if (longest != nullptr) return fmt::format("did you mean '{}'?", *longest);
  auto hint = suggest(id, ids);
  return hint.starts_with("did you mean") ? hint : std::string();
}

}  // namespace

Diagnostics stray_known_failures(const std::map<std::string, KnownFailure>& known,
                                 const std::vector<std::shared_ptr<const Suite>>& suites) {
  std::set<std::string> catalogues;
  std::set<std::string> ids;
  for (const auto& suite : suites) {
    for (const auto& scenario : suite->scenarios) {
      catalogues.insert(catalogue_of(scenario.id));
      ids.insert(scenario.id);
    }
  }
  catalogues.erase("");
  const auto may_stray = [&](const auto& each) {
    return catalogues.contains(catalogue_of(each.first)) && !ids.contains(each.first);
  };
  if (std::ranges::none_of(known, may_stray)) return {};
  ids.merge(ids_beside(suites));
  const std::vector<std::string> all(ids.begin(), ids.end());
  Diagnostics strays;
  for (const auto& [id, failure] : known) {
    if (!catalogues.contains(catalogue_of(id)) || ids.contains(id)) continue;
    strays.push_back(
        {failure.where,
         fmt::format("warning: known failure '{}': no scenario has this id", printable(id)),
         near_id(id, all)});
  }
  return strays;
}

}  // namespace dialtone
