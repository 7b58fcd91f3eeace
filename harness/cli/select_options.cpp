#include "harness/cli/select_options.hpp"

namespace dialtone {

Selection SelectOptions::selection() const {
  return {filters, excludes, tags, find_level(level).value_or(Level::kMay), repeat};
}

void add_select_options(CLI::App& command, SelectOptions& options) {
  command
      .add_option(
          "paths", options.paths,
          "Suites: files, directories with all *.json below them, or names of installed ones")
      ->required();
  command
      .add_option("-f,--filter", options.filters,
                  "Only ids (or suite/id) that match this glob; repeatable")
      ->allow_extra_args(false);
  command.add_option("--exclude", options.excludes, "But none that match this glob; repeatable")
      ->allow_extra_args(false);
  command.add_option("-t,--tag", options.tags, "Only scenarios with this tag; repeatable")
      ->allow_extra_args(false);
  command
      .add_option("--level", options.level, "The lowest level to check: MUST, SHOULD or MAY (all)")
      ->check(CLI::IsMember({"MUST", "SHOULD", "MAY"}));
}

}  // namespace dialtone
