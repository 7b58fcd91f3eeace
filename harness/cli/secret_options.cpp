#include "harness/cli/secret_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/hidden_arguments.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kOption = "--secret";

void report(Diagnostics& diagnostics, std::string message, std::string hint) {
  diagnostics.push_back({{std::string(kOption)}, std::move(message), std::move(hint)});
}

/// What stands in the place of a name may be the value, by a slip: only what is written as
/// environment variables are is repeated.
bool is_plainly_a_name(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return c == '_' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// The lines of one that has several, such as a key in PEM: they may be shown one by one. What is
/// short stands everywhere.
std::vector<Secret> lines_of(const Secret& secret) {
  constexpr std::size_t telling = 8;
  std::vector<Secret> lines;
  if (secret.value.find('\n') == std::string::npos) return lines;
  for (std::size_t at = 0; at < secret.value.size();) {
    const auto end = std::min(secret.value.find('\n', at), secret.value.size());
    auto line = secret.value.substr(at, end - at);
    if (line.ends_with('\r')) line.pop_back();
    if (line.size() >= telling) lines.push_back({secret.name, std::move(line)});
    at = end + 1;
  }
  return lines;
}

/// nullopt after it was reported.
std::optional<Secret> read_secret(const std::string& written, Diagnostics& diagnostics) {
  const auto equals = written.find('=');
  Secret secret{written.substr(0, equals), {}};
  if (secret.name.empty()) {
    report(diagnostics, "a secret needs a name",
           "--secret NAME, with the variable in the environment");
    return std::nullopt;
  }
  if (equals != std::string::npos) {
    secret.value = written.substr(equals + 1);
  } else if (!take_variable(secret.name, secret.value)) {
    const bool is_shown = is_plainly_a_name(secret.name);
    report(diagnostics,
           is_shown ? fmt::format("the environment has no variable '{}'", secret.name)
                    : "the environment has no variable of that name, which is not repeated here: "
                      "it may be the secret itself",
           "--secret NAME, with the variable in the environment");
    return std::nullopt;
  }
  if (const auto unfit = unfit_secret(secret.value)) {
    report(diagnostics, fmt::format("{}: {}", secret.name, *unfit), "give it with --var");
    return std::nullopt;
  }
  return secret;
}

/// Its words as far as they are known before a launch.
std::string known_text(const std::vector<Template>& command) {
  std::string text;
  for (const auto& word : command) {
    for (const auto& piece : word.pieces())
      if (!piece.is_name) text += piece.text;
    text += '\n';
  }
  return text;
}

void check_command_line(const std::vector<Template>& command, const std::string& what,
                        const std::string& file, const Secrets& secrets, Diagnostics& diagnostics) {
  const auto name = secrets.found_in(known_text(command));
  if (name.empty()) return;
  diagnostics.push_back(
      {{file},
       fmt::format("the secret '{}' would stand on the command line of '{}', which everybody on "
                   "this machine can read",
                   name, what),
       fmt::format(R"(give it to the program in its "environment": {{"{0}": "${{{0}}}"}})", name)});
}

void mask(std::string& text, const Secrets& secrets) { text = secrets.masked(text); }

void mask_scenario(Scenario& scenario, const Secrets& secrets) {
  for (auto* text :
       {&scenario.title, &scenario.source, &scenario.note, &scenario.means, &scenario.no_fault,
        &scenario.excluded, &scenario.no_vary.segmentation, &scenario.no_vary.timing})
    mask(*text, secrets);
  for (auto& step : scenario.steps) mask(step.text, secrets);
  for (auto& line : scenario.outline) mask(line, secrets);
}

}  // namespace

std::shared_ptr<const Secrets> read_secrets(const std::vector<std::string>& written,
                                            Variables& variables, Diagnostics& diagnostics) {
  std::vector<Secret> secrets;
  for (const auto& each : written) {
    auto secret = read_secret(each, diagnostics);
    if (!secret) continue;
    const bool is_new = variables.emplace(secret->name, secret->value).second;
    if (!is_new)
      report(diagnostics, fmt::format("'{}' has a value already", secret->name),
             "leave out the other --secret or --var");
    const auto lines = lines_of(*secret);
    secrets.insert(secrets.end(), lines.begin(), lines.end());
    secrets.push_back(std::move(*secret));
  }
  if (secrets.empty()) return nullptr;
  return std::make_shared<const Secrets>(std::move(secrets));
}

void check_command_lines(const Profile& profile, const Secrets& secrets, Diagnostics& diagnostics) {
  if (profile.start)
    check_command_line(profile.start->command, "start", profile.file, secrets, diagnostics);
  for (const auto& [name, program] : profile.programs)
    check_command_line(program.command, name, profile.file, secrets, diagnostics);
}

void mask_head(RunResult& run, const Secrets& secrets) {
  for (auto* text : {&run.target, &run.host, &run.rerun}) mask(*text, secrets);
}

void mask_reasons(std::map<std::string, KnownFailure>& known, const Secrets& secrets) {
  for (auto& [id, failure] : known) mask(failure.reason, secrets);
}

void mask_suites(std::vector<std::shared_ptr<const Suite>>& suites, const Secrets& secrets) {
  for (auto& suite : suites) {
    auto copy = std::make_shared<Suite>(*suite);
    mask(copy->title, secrets);
    mask(copy->name, secrets);
    for (auto& scenario : copy->scenarios) mask_scenario(scenario, secrets);
    suite = std::move(copy);
  }
}

}  // namespace dialtone
