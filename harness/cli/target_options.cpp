#include "harness/cli/target_options.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "fixtures/builtin_profile.hpp"
#include "fixtures/builtin_target.hpp"
#include "fixtures/client_faults.hpp"
#include "fixtures/faults.hpp"
#include "fixtures/line_faults.hpp"
#include "fixtures/tls_faults.hpp"
#include "fixtures/udp_faults.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/installed.hpp"
#include "harness/cli/secret_options.hpp"
#include "harness/model/capability.hpp"
#include "harness/model/parameter_check.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/profile_claims.hpp"
#include "harness/model/read_file.hpp"
#include "harness/net/socket_table.hpp"
#include "harness/runner/external_target.hpp"
#include "harness/runner/process_target.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

bool has_socket_table() {
  auto table = SocketTable::open();
  return table.ok() && table.value().listeners(0).ok();
}

/// A mistake of the command line has no line.
Diagnostic mistake(std::string option, std::string message, std::string hint = {}) {
  return {{std::move(option)}, std::move(message), std::move(hint)};
}

void read_variables(const std::vector<std::string>& written, Variables& variables,
                    Diagnostics& diagnostics) {
  for (const auto& text : written) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      diagnostics.push_back(mistake("--var", fmt::format("'{}' gives no variable a value", text),
                                    "--var name=value"));
    } else {
      variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
  }
}

/// Of the server in one of its personalities.
bool is_server_fault(std::string_view name) {
  return find_fault(name) != nullptr || find_line_fault(name) != nullptr ||
         find_tls_fault(name) != nullptr || find_udp_fault(name) != nullptr;
}

void check_fault(const TargetOptions& options, Diagnostics& diagnostics) {
  if (options.fault.empty()) return;
  if (!options.target.empty()) {
    diagnostics.push_back(
        mistake("--fault", "only the built-in server has faults", "leave out --target"));
  }
  if (is_server_fault(options.fault) || find_client_fault(options.fault) != nullptr) return;
  std::vector<std::string> known;
  for (const auto& fault : faults()) known.emplace_back(fault.name);
  for (const auto& fault : line_faults()) known.emplace_back(fault.name);
  for (const auto& fault : tls_faults()) known.emplace_back(fault.name);
  for (const auto& fault : udp_faults()) known.emplace_back(fault.name);
  for (const auto& fault : client_faults()) known.emplace_back(fault.name);
  diagnostics.push_back(mistake("--fault", fmt::format("unknown fault '{}'", options.fault),
                                suggest(options.fault, known)));
}

void check_provides(const TargetOptions& options, Diagnostics& diagnostics) {
  if (!options.provides.empty() && options.target.empty())
    diagnostics.push_back(mistake("--provides", "what the built-in server provides is known",
                                  "it is for another --target"));
  for (const auto& name : options.provides) {
    if (find_capability(name) != nullptr) continue;
    diagnostics.push_back(mistake("--provides", fmt::format("unknown capability '{}'", name),
                                  suggest(name, capability_names())));
  }
}

/// What the command line says beside the address, or beside the profile's file.
void take_provides(const TargetOptions& options, Profile& profile, Diagnostics& diagnostics) {
  for (const auto& name : options.provides) {
    const auto wrong = false_claim(name, profile);
    if (wrong) diagnostics.push_back(mistake("--provides", wrong->message, wrong->hint));
    profile.provides.insert(name);
  }
}

std::unique_ptr<Target> builtin(const TargetOptions& options) {
  BuiltInOptions built_in;
  // Names that both kinds have mean the server's: `serve` and `dial` take their own with their own
  // --fault.
  (is_server_fault(options.fault) ? built_in.fault : built_in.client_fault) = options.fault;
  built_in.program = own_path();
  built_in.time_scale = options.time_scale;
  built_in.has_socket_table = has_socket_table();
  return make_builtin_target(built_in);
}

using Made = std::variant<std::unique_ptr<Target>, std::string>;

Made from_profile(const Profile& profile, double time_scale) {
  return profile.form == Profile::Form::kProcess
             ? make_process_target(profile, time_scale, has_socket_table())
             : make_external_target(profile, has_socket_table());
}

/// Durations, numbers and signals are variables like any other. What was `written` on the command
/// line wins over all parameters.
void take_parameters(ChosenTarget& chosen, Parameters parameters, const Variables& written) {
  for (const auto& [name, value] : written) {
    parameters.payloads.erase(name);
    parameters.matchers.erase(name);
  }
  for (const auto& [name, value] : parameters.scalars) chosen.variables.try_emplace(name, value);
  chosen.parameters = std::move(parameters);
}

bool is_file_name(const std::string& text) {
  if (text.starts_with("unix:")) return false;
  return text.ends_with(".json") || std::filesystem::is_regular_file(text);
}

}  // namespace

void add_target_options(CLI::App& command, TargetOptions& options) {
  command.add_option(
      "--target", options.target,
      "What to test: host:port, unix:PATH, a profile's file, or the name of an installed profile; "
      "the built-in server by default");
  command
      .add_option("--var", options.variables,
                  "name=value: a variable, in place of a profile's or a suite's")
      ->allow_extra_args(false);
  command
      .add_option("--secret", options.secrets,
                  "NAME: a variable that no output shows; its value is that of the environment "
                  "variable NAME. NAME=value works too; repeatable")
      ->allow_extra_args(false);
  command
      .add_option("--provides", options.provides,
                  "A capability that --target has, besides those that its profile says; repeatable")
      ->allow_extra_args(false);
  command.add_option(
      "--fault", options.fault,
      "Make the built-in server (or client) misbehave; see 'dialtone serve --list-faults'");
  command
      .add_option("--time-scale", options.time_scale, "Multiply every deadline, for slow machines")
      ->check(CLI::Validator(
          [](const std::string& text) {
            const double scale = std::strtod(text.c_str(), nullptr);
            return scale >= 0.01 && scale <= 1000.0 ? std::string()
                                                    : std::string("must be between 0.01 and 1000");
          },
          "0.01 to 1000"));
}

std::vector<std::string> target_words(const TargetOptions& options) {
  std::vector<std::string> words;
  const auto add = [&](const char* option, const std::string& value) {
    words.insert(words.end(), {option, value});
  };
  if (!options.target.empty()) add("--target", options.target);
  if (!options.fault.empty()) add("--fault", options.fault);
  for (const auto& variable : options.variables) add("--var", variable);
  // A secret's value is for the environment of who runs it again.
  for (const auto& secret : options.secrets) add("--secret", secret.substr(0, secret.find('=')));
  for (const auto& capability : options.provides) add("--provides", capability);
  if (options.time_scale != 1.0) add("--time-scale", fmt::format("{}", options.time_scale));
  return words;
}

std::variant<ChosenTarget, Diagnostics> choose_target(const TargetOptions& options) {
  ChosenTarget chosen;
  Diagnostics diagnostics;
  Variables written;
  read_variables(options.variables, written, diagnostics);
  chosen.secrets = read_secrets(options.secrets, written, diagnostics);
  mask_messages(chosen.secrets);
  chosen.variables = written;
  check_fault(options, diagnostics);
  check_provides(options, diagnostics);
  if (options.target.empty()) {
    if (!diagnostics.empty()) return diagnostics;
    chosen.target = builtin(options);
    take_parameters(chosen, builtin_parameters(), written);
    chosen.framing = builtin_framing();
    chosen.encoding = builtin_encoding();
    return chosen;
  }
  Profile profile;
  const auto file = find_profile(options.target);
  if (is_file_name(file)) {
    const auto text = read_file(file);
    if (const auto* problem = std::get_if<FileProblem>(&text)) {
      diagnostics.push_back(mistake(file, problem->message));
    } else {
      profile = load_profile(file, std::get<std::string>(text), chosen.variables, diagnostics);
    }
  } else {
    profile = external_profile(options.target, {});
  }
  take_provides(options, profile, diagnostics);
  if (chosen.secrets != nullptr) check_command_lines(profile, *chosen.secrets, diagnostics);
  auto transport = transport_of(profile, diagnostics);
  if (!diagnostics.empty()) return diagnostics;
  for (const auto& [name, value] : profile.vars) chosen.variables.try_emplace(name, value);
  chosen.known_failures = profile.known_failures;
  chosen.framing = profile.framing;
  if (!profile.file.empty()) chosen.encoding = profile.encoding;
  auto made = from_profile(profile, options.time_scale);
  if (auto* problem = std::get_if<std::string>(&made))
    return Diagnostics{mistake("--target", *problem)};
  chosen.target = std::move(std::get<std::unique_ptr<Target>>(made));
  if (transport) chosen.target->set_tls(std::move(*transport));
  if (!chosen.target->provides().contains("local"))
    add_remote_fallbacks(profile.parameters, chosen.variables);
  take_parameters(chosen, std::move(profile.parameters), written);
  return chosen;
}

Variables written_variables(const TargetOptions& options) {
  Variables variables;
  Diagnostics told_elsewhere;
  read_variables(options.variables, variables, told_elsewhere);
  return variables;
}

std::optional<TlsTransport> transport_of(const Profile& profile, Diagnostics& diagnostics) {
  if (!profile.tls) return std::nullopt;
  auto made = TlsContext::make(*profile.tls);
  if (auto* mistake = std::get_if<Diagnostic>(&made)) {
    diagnostics.push_back(std::move(*mistake));
    return std::nullopt;
  }
  TlsTransport transport{std::get<std::shared_ptr<const TlsContext>>(std::move(made)),
                         profile.tls->server_name};
  const auto address = profile.address.with({{"port", "0"}}).constant();
  if (transport.server_name.empty() && address) transport.server_name = host_of(*address);
  if (transport.server_name.empty() && profile.tls->verify) {
    diagnostics.push_back({profile.tls->where, "the address has no host to verify",
                           R"("server_name": "localhost", or "verify": false)"});
  }
  return transport;
}

std::set<std::string> ChosenTarget::provides() const {
  auto all = target->provides();
  if (target->tls() != nullptr) {
    all.insert("tls");
    if (target->tls()->context->verifies()) all.insert("tls_verify");
  }
  all.merge(capabilities_of(framing));
  // What is said of a server rules this out.
  if (!all.contains("closes_on_bad_request")) all.insert("open_after_bad_request");
  for (auto& name : parameters.provided()) all.insert(std::move(name));
  return all;
}

LoadOptions ChosenTarget::load_options() const {
  return {step_registry(), variables, parameters, framing, encoding, provides()};
}

}  // namespace dialtone
