#include <CLI/Option.hpp>
#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <variant>

#include "fixtures/client_faults.hpp"
#include "fixtures/faults.hpp"
#include "fixtures/line_faults.hpp"
#include "fixtures/tls_faults.hpp"
#include "fixtures/udp_faults.hpp"
#include "harness/cli/completion.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/capability.hpp"
#include "harness/model/load_suite.hpp"
#include "reports/registry.hpp"

namespace dialtone {
namespace {

template <class Faults>
void add_faults(const Faults& faults, std::set<std::string>& seen, Completion& completion) {
  for (const auto& fault : faults) {
    if (seen.emplace(fault.name).second)
      completion.candidates.push_back({std::string(fault.name), std::string(fault.summary)});
  }
}

/// `serve` and `dial` have one side of them each.
Completion fault_names(const std::string& command) {
  Completion completion;
  std::set<std::string> seen;
  if (command != "dial") {
    add_faults(faults(), seen, completion);
    add_faults(line_faults(), seen, completion);
    add_faults(tls_faults(), seen, completion);
    add_faults(udp_faults(), seen, completion);
  }
  if (command != "serve") add_faults(client_faults(), seen, completion);
  return completion;
}

Completion report_names() {
  Completion completion;
  for (const auto* format : report_formats()) {
    const auto summary = std::string(format->summary);
    completion.candidates.push_back({std::string(format->name), summary});
    for (const auto variant : format->variants) {
      completion.candidates.push_back(
          {std::string(format->name) + ':' + std::string(variant), summary});
    }
    if (format->has_attachments)
      completion.candidates.push_back(
          {std::string(format->name) + ":absolute-attachments", summary});
  }
  completion.files = true;  // after FORMAT=
  return completion;
}

Completion capability_candidates() {
  Completion completion;
  for (const auto& capability : capabilities()) {
    completion.candidates.push_back(
        {std::string(capability.name), "the target " + std::string(capability.summary)});
  }
  return completion;
}

Completion names(const std::vector<std::string>& all, const std::string& description) {
  Completion completion;
  for (const auto& name : all) completion.candidates.push_back({name, description});
  completion.files = true;
  return completion;
}

/// Those that the line names, or all that are installed. Mistakes in them are told when they run.
std::vector<std::shared_ptr<const Suite>> suites_of(const std::vector<std::string>& paths) {
  Diagnostics told_when_they_run;
  const auto files =
      paths.empty() ? installed_suite_paths() : find_suites(paths, told_when_they_run);
  const auto chosen = choose_target({});
  return load_suites(files, std::get<ChosenTarget>(chosen).load_options()).suites;
}

Completion ids_of(const std::vector<std::string>& paths) {
  Completion completion;
  std::set<std::string> seen;
  for (const auto& suite : suites_of(paths)) {
    for (const auto& scenario : suite->scenarios) {
      if (!scenario.id.empty() && seen.insert(scenario.id).second)
        completion.candidates.push_back({scenario.id, scenario.title});
    }
  }
  return completion;
}

/// Where `explain` looks by default.
Completion explained_ids() {
  std::error_code none;
  const bool has_suites = std::filesystem::is_directory("scenarios", none);
  return ids_of(has_suites ? std::vector<std::string>{"scenarios"} : std::vector<std::string>());
}

Completion tags_of(const std::vector<std::string>& paths) {
  std::set<std::string> tags;
  for (const auto& suite : suites_of(paths)) {
    for (const auto& scenario : suite->scenarios)
      tags.insert(scenario.tags.begin(), scenario.tags.end());
  }
  Completion completion;
  for (const auto& tag : tags) completion.candidates.push_back({tag, "tag"});
  return completion;
}

/// What CLI11 says of an option that takes one word of a few: "TEXT:{auto,always,never}".
Completion words_of_type(const std::string& type) {
  Completion completion;
  const auto open = type.find('{');
  if (open == std::string::npos || !type.ends_with('}')) {
    completion.files = type.starts_with("TEXT");
    return completion;
  }
  const auto list = type.substr(open + 1, type.size() - open - 2);
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    completion.candidates.push_back({list.substr(begin, end - begin), ""});
    begin = end + 1;
  }
  return completion;
}

}  // namespace

Completion values_of(const CLI::App& command, const CLI::Option& option,
                     const std::vector<std::string>& paths) {
  const auto& name = option.get_single_name();
  if (name == "fault") return fault_names(command.get_name());
  if (name == "report") return report_names();
  if (name == "provides") return capability_candidates();
  if (name == "target") return names(installed_profiles(), "installed profile");
  if (name == "paths") return names(installed_suites(), "installed suites");
  if (name == "filter" || name == "exclude") return ids_of(paths);
  if (name == "ids") return explained_ids();
  if (name == "shard") return {{{"auto", "which it is says the CI system"}}, false};
  if (name == "shard-by")
    return {{{"hash", "of each id"}, {"slice", "of the plan"}, {"time=", "an earlier run's log"}},
            true};
  if (name == "tag") return tags_of(paths);
  return words_of_type(option.get_type_name());
}

}  // namespace dialtone
