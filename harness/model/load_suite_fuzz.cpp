// A libFuzzer entry: ci/fuzz.sh builds and runs it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/model/fake_steps.hpp"
#include "harness/model/load_suite.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// What the user would see must be printable, and in the order of the file.
void check(const dialtone::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const auto& where = diagnostics[i].where;
    require(where.line >= 1 && where.column >= 1);
    require(!diagnostics[i].message.empty());
    require(!dialtone::render(diagnostics[i]).empty());
    if (i == 0) continue;
    const auto& before = diagnostics[i - 1].where;
    require(before.line < where.line ||
            (before.line == where.line && before.column <= where.column));
  }
}

/// What a suite without mistakes holds, so that it can be run.
void check(const dialtone::Suite& suite) {
  require(!suite.name.empty() && !suite.scenarios.empty());
  for (const auto& scenario : suite.scenarios) {
    require(!scenario.id.empty() && !scenario.steps.empty());
    require(scenario.timeout > dialtone::Duration::zero());
    for (const auto& step : scenario.steps) require(step.spec != nullptr && !step.text.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  dialtone::Diagnostics diagnostics;
  const auto suite =
      dialtone::load_suite("s.json", text, {dialtone::fake_steps(), {{"x", "€"}}}, diagnostics);
  check(diagnostics);
  if (diagnostics.empty()) check(*suite);
  for (const auto& read : dialtone::take_fake_reads()) {
    for (const auto& name : read.names) require(!diagnostics.empty() || !name.empty());
  }
  return 0;
}
