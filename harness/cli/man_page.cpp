#include "harness/cli/man_page.hpp"

#include <fmt/format.h>

#include <CLI/Option.hpp>

#include "harness/cli/roff.hpp"
#include "reports/registry.hpp"

namespace dialtone {
namespace {

/// "-f, --filter" and, where it takes one, " VALUE".
struct Written {
  std::string names;
  std::string value;
};

Written written(const CLI::Option& option) {
  Written out;
  const auto add = [&](const std::string& name) {
    out.names += (out.names.empty() ? "" : ", ") + name;
  };
  for (const auto& name : option.get_snames()) add("-" + name);
  for (const auto& name : option.get_lnames()) add("--" + name);
  if (option.get_items_expected_max() == 0) return out;
  const auto type = option.get_type_name();
  out.value = ' ' + type.substr(0, type.find_first_of(": "));
  return out;
}

/// " [OPTION...] paths..."
std::string synopsis(const CLI::App& command) {
  std::string out = " [OPTION...]";
  for (const auto* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const auto name = option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
    out += option->get_required() ? ' ' + name : " [" + name + ']';
  }
  return out;
}

void add_options(const CLI::App& command, Roff& page) {
  for (const auto* option : command.get_options()) {
    const bool told_before = option == command.get_help_ptr() && command.get_parent() != nullptr;
    if (told_before) continue;
    if (option->get_positional()) {
      page.entry(option->get_name(true), "", option->get_description());
    } else {
      const auto [names, value] = written(*option);
      page.entry(names, value, option->get_description());
    }
  }
}

void add_reports(Roff& page) {
  page.section("Reports");
  page.paragraph(
      "--report FORMAT[:VARIANT][=PATH] knows these formats; the first variant is the "
      "default. Without a path a report goes to standard output.");
  for (const auto* format : report_formats()) {
    std::string variants;
    for (const auto variant : format->variants)
      variants += (variants.empty() ? " (" : ", ") + std::string(variant);
    page.entry(format->name, variants.empty() ? "" : variants + ')', format->summary);
  }
}

void add_ends(Roff& page) {
  page.section("Exit status");
  page.entry("0", "", "Something was checked, and nothing failed.");
  page.entry("1", "", "A failure or an error, or --global-timeout ended the run.");
  page.entry("2", "", "A mistake in the command line, a profile or a scenario: nothing was run.");
  page.entry("3", "", "A defect of this program, or a report that could not be written.");
  page.entry("4", "",
             "Nothing was checked: nothing was selected, or everything was skipped "
             "(--skip-code changes the latter).");
  page.entry("128+N", "", "Signal N ended the run; its reports were written.");
  page.section("Environment");
  page.entry("NO_COLOR", "", "Where it is set, --color auto means never.");
  page.entry(
      "XDG_STATE_HOME", "",
      "Where the scenarios that failed last are kept, for --failed; ~/.local/state by default.");
  for (const auto* format : report_formats()) {
    if (!format->companion.variable.empty())
      page.entry(format->companion.variable, "",
                 fmt::format("Names a file that --report {} appends to.", format->name));
    for (const auto variable : format->root_variables)
      page.entry(variable, "",
                 fmt::format("Paths in --report {} are relative to it.", format->name));
  }
}

void add_files(Roff& page) {
  page.section("Files");
  page.paragraph("They are looked for from the program's own place.");
  page.entry("../share/dialtone/scenarios", "",
             "The suites that were installed; 'dialtone list' shows them. A path that does not "
             "exist is looked for here: 'dialtone run article'.");
  page.entry("../share/dialtone/profiles", "",
             "Profiles that were installed: 'dialtone run robust --target redis'.");
  page.entry("../share/dialtone/scenarios/scenario.schema.json", "",
             "The JSON Schema of suites, for editors.");
}

}  // namespace

std::string man_of_program(const CLI::App& app) {
  Roff page({"dialtone", 1, DIALTONE_DATE, "dialtone " DIALTONE_VERSION,
             "network test harness and protocol conformance tool"});
  page.section("Synopsis");
  page.entry("dialtone", " COMMAND [OPTION...] [ARGUMENT...]", "");
  page.section("Description");
  page.paragraph(app.get_description());
  page.paragraph(
      "A scenario, written in JSON, says what is sent and what must come back, down to how the "
      "connection ends. Dialtone runs it against a server or a client, or against the reference "
      "server that is built in, and shows the conversation where a check fails.");
  add_options(app, page);
  page.section("Commands");
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    page.subsection("dialtone " + command->get_name() + synopsis(*command));
    page.paragraph(command->get_description() + '.');
    add_options(*command, page);
  }
  add_reports(page);
  add_ends(page);
  add_files(page);
  page.section("Examples");
  page.literal(
      "dialtone run article\n"
      "dialtone init server.json --command './server ${port}'\n"
      "dialtone run robust --target server.json --report junit=report.xml\n"
      "dialtone run mine/suites --target 127.0.0.1:7788 --provides request_reply");
  page.section("See also");
  page.paragraph("dialtone-scenario(5)");
  return page.text();
}

}  // namespace dialtone
