#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/select_options.hpp"
#include "harness/cli/shard_options.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/printable.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

struct ListArguments {
  SelectOptions select;
  ShardOptions shard;
  TargetOptions target;
  bool json = false;
};

nlohmann::ordered_json as_json(const PlannedScenario& planned) {
  const auto& scenario = *planned.scenario;
  nlohmann::ordered_json item{{"suite", planned.suite->name}, {"id", scenario.id},
                              {"title", scenario.title},      {"level", name_of(scenario.level)},
                              {"source", scenario.source},    {"tags", scenario.tags},
                              {"needs", scenario.needs},      {"file", scenario.where.file},
                              {"line", scenario.where.line}};
  item["skip"] =
      planned.skip_reason ? nlohmann::ordered_json(*planned.skip_reason) : nlohmann::ordered_json();
  return item;
}

void print_text(const std::vector<PlannedScenario>& planned) {
  const Suite* suite = nullptr;
  for (const auto& each : planned) {
    if (each.suite.get() != suite) {
      suite = each.suite.get();
      std::cout << fmt::format("{}: {} ({})\n", printable(suite->name), printable(suite->title),
                               printable(suite->file));
    }
    const auto skipped =
        each.skip_reason ? fmt::format("  [skipped: {}]", *each.skip_reason) : std::string();
    std::cout << fmt::format("  {:14} {:6} {}{}\n", each.scenario->id,
                             name_of(each.scenario->level), printable(each.scenario->title),
                             skipped);
  }
}

int list(const ListArguments& arguments) {
  const auto shard = choose_shard(arguments.shard);
  auto chosen = choose_target(arguments.target);
  Diagnostics diagnostics;
  if (const auto* mistakes = std::get_if<Diagnostics>(&shard)) diagnostics = *mistakes;
  if (const auto* mistakes = std::get_if<Diagnostics>(&chosen))
    diagnostics.insert(diagnostics.end(), mistakes->begin(), mistakes->end());
  LoadOptions load{step_registry(), {}, {}};
  if (auto* good = std::get_if<ChosenTarget>(&chosen)) load = good->load_options();
  auto paths = arguments.select.paths;
  if (paths.empty()) paths = installed_suite_paths();
  if (paths.empty()) {
    print_error("no suites are installed with this program", "name a file or a directory");
    return kUsage;
  }
  const auto loaded = load_suites(find_suites(paths, diagnostics), load);
  diagnostics.insert(diagnostics.end(), loaded.diagnostics.begin(), loaded.diagnostics.end());
  print_diagnostics(diagnostics);
  if (!diagnostics.empty()) return kUsage;
  auto planned =
      plan(loaded.suites, std::get<ChosenTarget>(chosen).provides(), arguments.select.selection());
  const bool any = !planned.empty();
  take_shard(planned, std::get<ShardRequest>(shard), {});
  if (!arguments.json) {
    print_text(planned);
  } else {
    auto all = nlohmann::ordered_json::array();
    for (const auto& each : planned) all.push_back(as_json(each));
    std::cout << all.dump(2) << '\n';
  }
  if (any) return kAllPassed;
  print_error("no scenario matches the selection");
  return kNothingChecked;
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ListArguments>();
  auto* command =
      app.add_subcommand("list", "Show which scenarios there are, and which a target would skip");
  add_select_options(*command, arguments->select);
  add_shard_options(*command, arguments->shard);
  command->get_option("paths")->required(false);  // those that are installed, where none is named
  add_target_options(*command, arguments->target);
  command->add_flag("--json", arguments->json, "As JSON: an array of objects");
  command->callback([arguments, &exit_code] { exit_code = list(*arguments); });
}

}  // namespace dialtone
