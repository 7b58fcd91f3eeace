#include "harness/model/load_suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/model/capability.hpp"
#include "harness/model/duration.hpp"
#include "harness/model/json_source.hpp"
#include "harness/model/json_text.hpp"
#include "harness/model/key_check.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/parameter_reader.hpp"
#include "harness/model/payload_reader.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/read_file.hpp"
#include "harness/model/scope.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/model/suite_files.hpp"
#include "harness/model/suite_keys.hpp"

namespace dialtone {
namespace {

constexpr Duration kDefaultTimeout = std::chrono::seconds(5);

/// Defaults that a suite gives to its scenarios.
struct Defaults {
  Encoding encoding = Encoding::kUtf8;
  Duration timeout = kDefaultTimeout;
  std::set<std::string> needs;
  ServerSetup server;
  NoVary no_vary{};
};

constexpr std::size_t kMostSteps = 20'000;  // of one scenario, those that stand in others counted
constexpr int kDeepest = 16;                // steps inside steps; a fragment may use itself

class SuiteLoader : public BranchLoader {
 public:
  SuiteLoader(LoadContext& context, const LoadOptions& options)
      : context_(context),
        steps_(options.steps),
        profile_encoding_(options.encoding),
        provides_(options.provides) {}

  std::shared_ptr<const Suite> load(const JsonNode& root);
  std::vector<PlannedStep> read_branch(const JsonNode& list, std::size_t number,
                                       Scope& scope) override;

 private:
  std::vector<PlannedStep> read_steps(const JsonNode& list, Scope& scope);
  void read_variables(const JsonNode* node);
  Scenario read_scenario(const JsonNode& node, const Defaults& defaults);
  void read_conversation(const JsonNode& list, Scenario& scenario);
  void read_server(const JsonNode* node, ServerSetup& setup);
  void read_step(const JsonNode& node, const std::string& number, Scope& scope,
                 std::vector<PlannedStep>& steps);
  void expand(const StepSpec& spec, const JsonNode& node, StepReader& reader, Scope& scope,
              std::vector<PlannedStep>& steps);
  bool is_too_much(const JsonNode& node);
  const StepSpec* find_verb(const JsonNode& node);
  std::set<std::string> read_needs(const JsonNode* node);
  NoVary read_no_vary(const JsonNode& node);
  std::string reason_of(const JsonNode* node);
  void rule_out_cuts(Scenario& scenario) const;
  void read_defaults(const JsonNode& node, Defaults& defaults);
  std::optional<Duration> duration_of(const JsonNode& node) const;
  void check_id(const JsonNode& node);
  void check_name(const JsonNode* node);
  void report_no_verb(const JsonNode& node);

  LoadContext& context_;
  std::span<const StepSpec* const> steps_;
  std::optional<Encoding> profile_encoding_;
  const std::set<std::string>& provides_;
  std::map<std::string, int> seen_;  // id -> line
  Scenario* scenario_ = nullptr;     // the one that is read
  std::string prefix_;               // of the labels of the steps that are read: "3.17."
  int depth_ = 0;
  std::size_t read_ = 0;  // steps of the scenario
};

std::string string_or_empty(const JsonNode* node) {
  return node == nullptr ? std::string() : node->string;
}

/// Those of a list's items that are strings; what else is in it was reported.
std::vector<const JsonNode*> strings_of(const JsonNode* list) {
  std::vector<const JsonNode*> strings;
  if (list == nullptr) return strings;
  for (const auto& item : list->items) {
    if (item.kind == JsonNode::Kind::kString) strings.push_back(&item);
  }
  return strings;
}

void SuiteLoader::read_variables(const JsonNode* node) {
  if (node == nullptr) return;
  for (const auto& [name, position, value] : node->members) {
    const bool number = value.kind == JsonNode::Kind::kInteger;
    const auto what = fmt::format("variable '{}'", printable(name));
    if (!number && !context_.expect_kind(value, JsonNode::Kind::kString, what)) continue;
    if (value.string.find("${") != std::string::npos) {
      context_.report(value, fmt::format("{} refers to another variable", what),
                      "its value is taken as it stands; refer to both where they are used");
    }
    context_.variables().try_emplace(name, number ? std::to_string(value.integer) : value.string);
  }
}

std::set<std::string> SuiteLoader::read_needs(const JsonNode* node) {
  std::set<std::string> needs;
  for (const auto* item : strings_of(node)) {
    needs.insert(item->string);
    if (find_capability(item->string) != nullptr ||
        find_parameter(parameter_of_capability(item->string)) != nullptr)
      continue;
    context_.report(*item, fmt::format("unknown capability '{}'", printable(item->string)),
                    suggest(item->string, capability_names()));
  }
  return needs;
}

/// nullopt where it was reported to be wrong, or is a parameter that the profile does not give.
std::optional<Duration> SuiteLoader::duration_of(const JsonNode& node) const {
  const auto text = context_.filled(node);
  return text ? parse_duration(*text) : std::nullopt;
}

void SuiteLoader::read_defaults(const JsonNode& node, Defaults& defaults) {
  if (const auto* encoding = node.find("encoding")) {
    defaults.encoding = find_encoding(encoding->string).value_or(defaults.encoding);
  }
  if (const auto* timeout = node.find("timeout"))
    defaults.timeout = duration_of(*timeout).value_or(defaults.timeout);
  defaults.needs.merge(read_needs(node.find("needs")));
  read_server(node.find("server"), defaults.server);
  if (const auto* no_vary = node.find("no_vary")) defaults.no_vary = read_no_vary(*no_vary);
}

void SuiteLoader::check_id(const JsonNode& node) {
  if (node.kind != JsonNode::Kind::kString) return;
  const auto& id = node.string;
  const bool good =
      !id.empty() && id.size() <= kLongestId && std::ranges::all_of(id, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
      });
  if (!good) {
    context_.report(node, fmt::format("bad id '{}'", printable(id)),
                    fmt::format("letters, digits, '-', '_' and '.', at most {}", kLongestId));
    return;
  }
  const auto [first, is_new] = seen_.try_emplace(id, node.position.line);
  if (!is_new) {
    context_.report(node, fmt::format("duplicate id '{}'", printable(id)),
                    fmt::format("the first one is in line {}", first->second));
  }
}

/// A text is the reason for all variants.
NoVary SuiteLoader::read_no_vary(const JsonNode& node) {
  if (node.kind == JsonNode::Kind::kString) return {reason_of(&node), reason_of(&node)};
  if (!check_keys(node, no_vary_keys(), "'no_vary'", context_)) return {};
  return {reason_of(node.find("segmentation")), reason_of(node.find("timing"))};
}

/// What is left out without a reason would be a check that is skipped quietly.
std::string SuiteLoader::reason_of(const JsonNode* node) {
  if (node == nullptr) return {};
  if (node->string.find_first_not_of(" \t\r\n") == std::string::npos)
    context_.report(*node, "'no_vary' needs a reason", "say why it does not hold under a variant");
  return node->string;
}

void SuiteLoader::read_server(const JsonNode* node, ServerSetup& setup) {
  if (node == nullptr || !check_keys(*node, server_keys(), "'server'", context_)) return;
  const auto flag = [&](std::string_view key, bool& value) {
    if (const auto* written = node->find(key)) value = written->boolean;
  };
  const auto duration = [&](std::string_view key, std::optional<Duration>& value) {
    if (const auto* written = node->find(key)) value = duration_of(*written);
  };
  if (const auto* personality = node->find("personality"))
    setup.personality = find_personality(personality->string).value_or(setup.personality);
  flag("once", setup.once);
  flag("any_address", setup.any_address);
  flag("whole_message", setup.whole_message);
  flag("own_process", setup.own_process);
  flag("datagrams", setup.datagrams);
  flag("tls", setup.tls);
  flag("client_certificate", setup.client_certificate);
  flag("closes_after_reply", setup.closes_after_reply);
  flag("closes_on_bad_request", setup.closes_on_bad_request);
  if (setup.tls && setup.personality != Personality::kLine)
    context_.report(*node, "only the line personality speaks TLS", R"("personality": "line")");
  duration("idle_limit", setup.idle_limit);
  duration("slow_limit", setup.slow_limit);
  if (const auto* port = node->find("port")) setup.port = static_cast<int>(port->integer);
}

/// Under another segmentation its requests would be others.
void SuiteLoader::rule_out_cuts(Scenario& scenario) const {
  const auto& framing = context_.framing();
  if (framing && std::holds_alternative<OneShotFraming>(*framing))
    scenario.no_vary.segmentation = kIsOneShot;
}

/// Literal texts are the suite's. But octets that the profile gives, a peer answers in kind: the
/// conversation is shown in the profile's encoding then.
void SuiteLoader::read_conversation(const JsonNode& list, Scenario& scenario) {
  Scope scope;
  context_.take_profile_octets_note();
  scenario.steps = read_steps(list, scope);
  for (const auto& step : list.items) scenario.outline.push_back(to_line(step));
  if (context_.take_profile_octets_note())
    scenario.encoding = profile_encoding_.value_or(scenario.encoding);
}

Scenario SuiteLoader::read_scenario(const JsonNode& node, const Defaults& suite_defaults) {
  Scenario scenario;
  scenario.where = context_.at(node);
  Defaults defaults = suite_defaults;
  context_.collect_needs(&defaults.needs);
  if (!check_keys(node, scenario_keys(), "a scenario", context_)) {
    context_.collect_needs(nullptr);
    return scenario;
  }
  read_defaults(node, defaults);
  if (const auto* id = node.find("id")) check_id(*id);
  scenario.id = string_or_empty(node.find("id"));
  scenario.title = string_or_empty(node.find("title"));
  scenario.source = string_or_empty(node.find("source"));
  scenario.note = string_or_empty(node.find("note"));
  scenario.means = string_or_empty(node.find("means"));
  scenario.no_vary = std::move(defaults.no_vary);
  scenario.no_fault = string_or_empty(node.find("no_fault"));
  for (const auto* tag : strings_of(node.find("tags"))) scenario.tags.push_back(tag->string);
  scenario.needs = std::move(defaults.needs);
  scenario.encoding = defaults.encoding;
  scenario.timeout = defaults.timeout;
  scenario.level = find_level(string_or_empty(node.find("level"))).value_or(Level::kMust);
  scenario.must_if = read_needs(node.find("must_if"));
  const auto is_provided = [this](const std::string& name) { return provides_.contains(name); };
  if (std::ranges::any_of(scenario.must_if, is_provided)) scenario.level = Level::kMust;
  if (const auto* ignore = node.find("ignore_leftover")) scenario.ignore_leftover = ignore->boolean;
  if (const auto* await = node.find("await_ready")) scenario.await_ready = await->boolean;
  scenario.server = defaults.server;
  rule_out_cuts(scenario);
  context_.collect_needs(&scenario.needs);
  context_.collect_exclusion(&scenario.excluded);
  scenario_ = &scenario;
  read_ = 0;
  if (const auto* steps = node.find("steps")) read_conversation(*steps, scenario);
  context_.collect_needs(nullptr);
  context_.collect_exclusion(nullptr);
  return scenario;
}

std::vector<PlannedStep> SuiteLoader::read_steps(const JsonNode& list, Scope& scope) {
  std::vector<PlannedStep> steps;
  for (std::size_t i = 0; i < list.items.size(); ++i)
    read_step(list.items[i], std::to_string(i + 1), scope, steps);
  return steps;
}

std::vector<PlannedStep> SuiteLoader::read_branch(const JsonNode& list, std::size_t number,
                                                  Scope& scope) {
  const auto outer = std::exchange(prefix_, fmt::format("{}{}.", prefix_, number));
  auto steps = read_steps(list, scope);
  prefix_ = outer;
  return steps;
}

/// Told once a scenario.
bool SuiteLoader::is_too_much(const JsonNode& node) {
  const bool deep = depth_ > kDeepest;
  if (!deep && ++read_ <= kMostSteps) return false;
  if (!deep && read_ > kMostSteps + 1) return true;
  context_.report(node,
                  deep ? fmt::format("steps stand inside steps more than {} deep", kDeepest)
                       : fmt::format("a scenario has at most {} steps", kMostSteps),
                  deep ? "a fragment must not use itself" : "");
  return true;
}

const StepSpec* SuiteLoader::find_verb(const JsonNode& node) {
  const StepSpec* found = nullptr;
  for (const auto& member : node.members) {
    const auto spec = std::ranges::find(steps_, std::string_view(member.key), &StepSpec::verb);
    if (spec == steps_.end()) continue;
    if (found != nullptr) {
      context_.report(
          member.key_position,
          fmt::format("two verbs in one step: '{}' and '{}'", found->verb, (*spec)->verb),
          "write two steps");
      return nullptr;
    }
    found = *spec;
  }
  if (found == nullptr) report_no_verb(node);
  return found;
}

void SuiteLoader::report_no_verb(const JsonNode& node) {
  std::vector<std::string> verbs;
  for (const auto* spec : steps_) verbs.emplace_back(spec->verb);
  // The verb was most likely meant by the key that is no option of any verb.
  const auto is_option = [&](const JsonNode::Member& member) {
    return std::ranges::any_of(
        steps_, [&](const auto* spec) { return find_field(*spec, member.key) != nullptr; });
  };
  const auto unknown = std::ranges::find_if_not(node.members, is_option);
  if (unknown == node.members.end()) {
    context_.report(node, "this step has no verb", suggest("", verbs));
    return;
  }
  context_.report(unknown->key_position, fmt::format("unknown step '{}'", printable(unknown->key)),
                  suggest(unknown->key, verbs));
}

void SuiteLoader::read_step(const JsonNode& node, const std::string& number, Scope& scope,
                            std::vector<PlannedStep>& steps) {
  if (!context_.expect_kind(node, JsonNode::Kind::kObject, "a step") || is_too_much(node)) return;
  const auto* spec = find_verb(node);
  if (spec == nullptr) return;
  StepReader reader(*spec, node, scenario_->encoding, scope, scenario_->needs, context_, this);
  const auto label = prefix_ + number;
  const auto outer = std::exchange(prefix_, label + ".");
  ++depth_;
  const bool good = reader.check();
  if (spec->expand == nullptr) {
    // parse finds more mistakes, and what the step opens and closes
    steps.push_back({spec, spec->parse(reader), to_line(node), context_.at(node), label});
  } else if (good) {
    expand(*spec, node, reader, scope, steps);
  }
  --depth_;
  prefix_ = outer;
}

/// Stops at the first mistake: the next round would only repeat it.
void SuiteLoader::expand(const StepSpec& spec, const JsonNode& node, StepReader& reader,
                         Scope& scope, std::vector<PlannedStep>& steps) {
  const auto before = context_.mistakes();
  const auto expanded = spec.expand(reader);
  for (const auto& [label, step] : expanded) {
    if (context_.mistakes() != before) return;
    read_step(step, label, scope, steps);
  }
  if (expanded.empty() && context_.mistakes() == before)
    context_.report(node, fmt::format("'{}' stands for no step here", spec.verb));
}

void SuiteLoader::check_name(const JsonNode* node) {
  if (node == nullptr || node->kind != JsonNode::Kind::kString || !node->string.empty()) return;
  context_.report(*node, "the suite's name is empty", "reports tell suites apart by it");
}

std::shared_ptr<const Suite> SuiteLoader::load(const JsonNode& root) {
  auto suite = std::make_shared<Suite>();
  suite->file = context_.file();
  read_variables(root.find("vars"));
  add_fallbacks(context_.variables());
  Defaults defaults;
  context_.collect_needs(&defaults.needs);
  if (!check_keys(root, suite_keys(), "a suite", context_)) return suite;
  context_.set_fragments(root.find("fragments"));
  read_defaults(root, defaults);
  suite->name = string_or_empty(root.find("suite"));
  check_name(root.find("suite"));
  suite->title = string_or_empty(root.find("title"));
  if (const auto* scenarios = root.find("scenarios")) {
    for (const auto& node : scenarios->items)
      suite->scenarios.push_back(read_scenario(node, defaults));
  }
  return suite;
}

}  // namespace

std::shared_ptr<const Suite> load_suite(const std::string& file, std::string_view text,
                                        const LoadOptions& options, Diagnostics& diagnostics) {
  LoadContext context(file, options.variables, diagnostics);
  context.set_parameters(options.parameters);
  context.set_framing(options.framing);
  const auto root = parse_json(file, text, diagnostics);
  if (!root) return std::make_shared<Suite>();
  auto suite = SuiteLoader(context, options).load(*root);
  context.sort_reports();
  return suite;
}

LoadedSuites load_suites(const std::vector<std::string>& paths, const LoadOptions& options) {
  LoadedSuites loaded;
  for (const auto& path : paths) {
    for (const auto& file : suite_files(path, loaded.diagnostics)) {
      const auto text = read_file(file);
      if (const auto* problem = std::get_if<FileProblem>(&text)) {
        loaded.diagnostics.push_back({{file}, problem->message, {}});
        continue;
      }
      loaded.suites.push_back(
          load_suite(file, std::get<std::string>(text), options, loaded.diagnostics));
    }
  }
  return loaded;
}

}  // namespace dialtone
