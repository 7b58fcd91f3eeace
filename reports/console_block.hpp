#pragma once

#include "harness/model/result.hpp"
#include "reports/line.hpp"

/// What stands below the line of a scenario on the console.
namespace dialtone {

/// Empty where nothing was recorded.
/// What was left out of its variants, and what they could not show; nothing where that is nothing.
Lines variant_block(const ScenarioResult& result);

Lines conversation_block(const ScenarioResult& result);

/// Why it did not pass: the evidence, the conversation, the end of what programs wrote, and how to
/// run just this one again (with the command line of `run`, where it has one). `width`: columns of
/// the terminal.
Lines problem_block(const ScenarioResult& result, const RunResult& run, int width);

}  // namespace dialtone
