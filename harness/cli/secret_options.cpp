#include "harness/cli/secret_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "harness/cli/hidden_arguments.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

/// Which of several is meant. What stands in the place of a name may be the value, by a slip
/// (`--secret AKIA...`, or one in base64 that ends with '='): no message repeats it.
std::string place_of(std::size_t index, std::size_t count) {
  return count == 1 ? "--secret" : fmt::format("--secret, number {}", index + 1);
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

struct Mistake {
  std::string message;
  std::string hint;
};

/// What NAME or NAME=value gives.
std::variant<Secret, Mistake> read_secret(const std::string& written) {
  constexpr auto from_environment = "--secret NAME, with the variable in the environment";
  const auto equals = written.find('=');
  Secret secret{written.substr(0, equals), {}};
  if (secret.name.empty()) return Mistake{"a secret needs a name", from_environment};
  if (equals != std::string::npos) {
    secret.value = written.substr(equals + 1);
  } else if (!take_variable(secret.name, secret.value)) {
    return Mistake{
        "the environment has no variable of that name, which is not repeated here: it "
        "may be the secret itself",
        from_environment};
  }
  if (auto unfit = unfit_secret(secret.value))
    return Mistake{*std::move(unfit), "give it with --var"};
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
  for (std::size_t index = 0; index < written.size(); ++index) {
    auto read = read_secret(written[index]);
    if (auto* mistake = std::get_if<Mistake>(&read)) {
      diagnostics.push_back({{place_of(index, written.size())},
                             std::move(mistake->message),
                             std::move(mistake->hint)});
      continue;
    }
    auto& secret = std::get<Secret>(read);
    const bool is_new = variables.emplace(secret.name, secret.value).second;
    if (!is_new)
      diagnostics.push_back({{place_of(index, written.size())},
                             fmt::format("'{}' has a value already", secret.name),
                             "leave out the other --secret or --var"});
    const auto lines = lines_of(secret);
    secrets.insert(secrets.end(), lines.begin(), lines.end());
    secrets.push_back(std::move(secret));
  }
  if (secrets.empty()) return nullptr;
  return std::make_shared<const Secrets>(std::move(secrets));
}

void check_command_lines(const Profile& profile, const Secrets& secrets, Diagnostics& diagnostics) {
  if (profile.start)
    check_command_line(profile.start->command, "start", profile.file, secrets, diagnostics);
  for (const auto& [name, program] : profile.programs)
    check_command_line(program.command, name, profile.file, secrets, diagnostics);
  const auto check = [&](const std::optional<ControlAction>& action, const std::string& name) {
    if (action && action->program)
      check_command_line(action->program->command, name, profile.file, secrets, diagnostics);
  };
  for (const auto& [name, control] : profile.controls) {
    check(control.action, name);
    check(control.undo, name);
  }
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
