#pragma once

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/load_suite.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/secrets.hpp"
#include "harness/model/variables.hpp"
#include "harness/net/endpoint.hpp"

namespace dialtone {

/// The options that say what is tested, as several commands take them.
struct TargetOptions {
  std::string target;  ///< "host:port", a profile's file, or empty for the built-in server
  std::vector<std::string> variables;  ///< "name=value"
  std::vector<std::string> secrets;    ///< "NAME", of the environment, or "NAME=value"
  std::vector<std::string> provides;   ///< capabilities, besides those that a profile says
  std::string fault;                   ///< for the built-in server
  double time_scale = 1.0;
};

void add_target_options(CLI::App& command, TargetOptions& options);

/// The same options as words of a command line; those that have their usual value are left out.
std::vector<std::string> target_words(const TargetOptions& options);

struct ChosenTarget {
  std::unique_ptr<Target> target;
  Variables variables;  ///< of the command line, then of the profile
  Parameters parameters;
  std::map<std::string, KnownFailure> known_failures{};  ///< by the scenario's id
  std::optional<Framing> framing{};                      ///< of requests and replies
  std::optional<Encoding> encoding{};  ///< of the parameters; nullopt where there is no profile
  std::shared_ptr<const Secrets> secrets{};  ///< nullptr where there is none

  /// The target's capabilities, those that follow from its framing, and "parameter.NAME" for each
  /// that the profile gives.
  std::set<std::string> provides() const;

  /// How suites are loaded for it.
  LoadOptions load_options() const;
};

/// What the options name. Mistakes of the profile or the options are returned, all of them. From
/// then on no message of this program shows a secret, and no program that it launches inherits one.
std::variant<ChosenTarget, Diagnostics> choose_target(const TargetOptions& options);

/// What `--var` gives; mistakes in it are told by choose_target().
Variables written_variables(const TargetOptions& options);

/// How the profile's target is spoken to over TLS; nullopt: without, or a mistake was reported.
std::optional<TlsTransport> transport_of(const Profile& profile, Diagnostics& diagnostics);

}  // namespace dialtone
