#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/man_page.hpp"
#include "harness/cli/roff.hpp"
#include "harness/model/capability.hpp"
#include "harness/model/suite_keys.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

void add_keys(std::span<const KeySpec> keys, Roff& page) {
  for (const auto& key : keys) page.entry(key.name, key.required ? " (required)" : "", key.summary);
}

std::string takes(const Field& field) {
  if (field.choices.empty()) return std::string(describe(field.type));
  return fmt::format("one of {}", fmt::join(field.choices, ", "));
}

void add_fields(std::span<const Field> fields, Roff& page) {
  for (const auto& field : fields) {
    page.entry(field.name, field.required ? " (required)" : "",
               fmt::format("{}: {}", field.summary, takes(field)));
  }
}

void add_step(const StepSpec& spec, Roff& page) {
  page.subsection(spec.verb);
  page.paragraph(spec.summary);
  if (!spec.needs.empty()) page.paragraph(fmt::format("It needs {} of the target.", spec.needs));
  add_fields(spec.fields, page);
  page.literal(spec.example);
}

}  // namespace

std::string man_of_scenarios() {
  Roff page({"dialtone-scenario", 5, DIALTONE_DATE, "dialtone " DIALTONE_VERSION,
             "suites of scenarios that dialtone runs"});
  page.section("Description");
  page.paragraph(
      "A suite is a file in JSON, in which // comments are allowed, with scenarios in it. Each "
      "scenario is one check: steps in order, and a verdict at their end. Every step has exactly "
      "one verb as a key, whose value is the verb's main argument; options stand beside it.");
  page.literal(
      "{\n"
      "  \"suite\": \"mine.ping\",\n"
      "  \"scenarios\": [\n"
      "    {\n"
      "      \"id\": \"PING-1\",\n"
      "      \"title\": \"a PING is answered with PONG\",\n"
      "      \"steps\": [{ \"connect\": \"c\" }, { \"send\": \"PING\\n\" }, "
      "{ \"expect\": \"PONG\\n\" }]\n"
      "    }\n"
      "  ]\n"
      "}");
  page.section("Keys of a suite");
  add_keys(suite_keys(), page);
  page.section("Keys of a scenario");
  add_keys(scenario_keys(), page);
  page.section("Keys of a scenario's server");
  add_keys(server_keys(), page);
  page.section("Steps");
  page.paragraph("Every step takes also:");
  add_fields(common_fields(), page);
  for (const auto* spec : step_registry()) add_step(*spec, page);
  page.section("Capabilities");
  page.paragraph("What a scenario needs, and a target provides:");
  for (const auto& capability : capabilities())
    page.entry(capability.name, "", fmt::format("The target {}.", capability.summary));
  page.section("See also");
  page.paragraph("dialtone(1)");
  return page.text();
}

}  // namespace dialtone
