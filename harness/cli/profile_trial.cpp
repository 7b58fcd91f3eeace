#include "harness/cli/profile_trial.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "harness/cli/profile_template.hpp"
#include "harness/cli/target_options.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/printable.hpp"
#include "harness/runner/run_all.hpp"
#include "reports/console_block.hpp"

namespace dialtone {
namespace {

constexpr int kColumns = 100;
constexpr std::string_view kReply = "reply";

constexpr std::string_view kEnd = "END ";  // in the suite below

/// One scenario for the reply itself, and one for each capability that a conversation can show,
/// with that capability's name as its id. END is where a request that ends with FIN does.
constexpr std::string_view kSuite = R"({
  "suite": "init", "timeout": "${reply_within}",
  "fragments": {
    "open": [{ "connect": "${client}" }, { "expect": "${banner}", "on": "${client}" }],
    "asked": [{ "send": "${request}", "on": "${client}" }, END { "expect": "${reply}", "on": "${client}" }]
  },
  "scenarios": [
    { "id": "reply", "title": "one request, and its reply", "source": "profile", "steps": [
      { "use": "open", "with": { "client": "c" } },
      { "use": "asked", "with": { "client": "c" } },
      { "close": "c" }] },
    { "id": "loop", "title": "several clients, and one after another", "source": "profile", "steps": [
      { "use": "open", "with": { "client": "first" } },
      { "use": "open", "with": { "client": "second" } },
      { "use": "asked", "with": { "client": "second" } },
      { "use": "asked", "with": { "client": "first" } },
      { "close": "first" }, { "close": "second" },
      { "use": "open", "with": { "client": "third" } },
      { "use": "asked", "with": { "client": "third" } },
      { "close": "third" }] },
    { "id": "persistent", "title": "two requests on one connection", "source": "profile", "steps": [
      { "use": "open", "with": { "client": "c" } },
      { "use": "asked", "with": { "client": "c" } },
      { "use": "asked", "with": { "client": "c" } },
      { "close": "c" }] },
    { "id": "pipelining", "title": "two requests before the first reply", "source": "profile", "steps": [
      { "use": "open", "with": { "client": "c" } },
      { "send": ["${request}", "${request}"] },
      { "expect": "${reply}" }, { "expect": "${reply}" },
      { "close": "c" }] }
  ]
})";

std::string suite_for(const std::optional<Framing>& framing) {
  const bool by_fin = framing && std::holds_alternative<UntilEofFraming>(*framing);
  std::string suite(kSuite);
  return suite.replace(suite.find(kEnd), kEnd.size(),
                       by_fin ? R"({ "shutdown": "${client}" },)" : "");
}

/// Without places: they would be those of an option that nobody gave.
std::string rendered(const Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) text += printable(diagnostic.message) + "\n";
  return text;
}

/// The target of the file, new each time: a run ends what it has used.
std::variant<ChosenTarget, Diagnostics> target_of(const std::string& file) {
  TargetOptions options;
  options.target = file;
  return choose_target(options);
}

std::vector<ScenarioResult> run(ChosenTarget& chosen, const Selection& selection) {
  Diagnostics none;
  const auto suite =
      load_suite("dialtone init", suite_for(chosen.framing), chosen.load_options(), none);
  RunOptions options;
  options.jobs = 1;
  return run_all(plan({suite}, chosen.provides(), selection), *chosen.target, options,
                 [](std::size_t, const ScenarioResult&) {})
      .results;
}

/// Why there was no reply, or not this one.
std::optional<std::string> reply_problem(ChosenTarget& chosen) {
  Selection only;
  only.filters = {std::string(kReply)};
  const auto results = run(chosen, only);
  if (results.empty()) return "the trial was interrupted\n";
  if (results.front().verdict == Verdict::kPass) return std::nullopt;
  return plain_text(problem_block(results.front(), RunResult(), kColumns));
}

std::vector<std::string> lacking(const Parameters& parameters) {
  std::vector<std::string> names;
  for (const auto& spec : parameter_specs()) {
    if (is_for_robust(spec) && !spec.optional && !parameters.has(spec.name))
      names.emplace_back(spec.name);
  }
  return names;
}

}  // namespace

ProfileTrial try_profile(const std::string& file) {
  ProfileTrial trial;
  auto first = target_of(file);
  if (const auto* mistakes = std::get_if<Diagnostics>(&first)) {
    trial.problem = rendered(*mistakes);
    return trial;
  }
  auto& chosen = std::get<ChosenTarget>(first);
  trial.known = chosen.target->provides();
  trial.lacking = lacking(chosen.parameters);
  trial.problem = reply_problem(chosen);
  if (trial.problem) return trial;
  auto second = target_of(file);
  auto* again = std::get_if<ChosenTarget>(&second);
  if (again == nullptr) return trial;
  Selection others;
  others.excludes = {std::string(kReply)};
  for (const auto& result : run(*again, others)) {
    const auto& name = result.scenario->id;
    if (result.verdict == Verdict::kPass && !trial.known.contains(name))
      trial.shown.push_back(name);
  }
  return trial;
}

}  // namespace dialtone
