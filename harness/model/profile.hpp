#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/charset.hpp"
#include "harness/model/clock.hpp"
#include "harness/model/control_spec.hpp"
#include "harness/model/diagnostic.hpp"
#include "harness/model/framing.hpp"
#include "harness/model/parameter.hpp"
#include "harness/model/program_spec.hpp"
#include "harness/model/tls_settings.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {

/// How to launch a program that is tested. Never through a shell.
struct StartSpec {
  std::vector<Template> command;
  int stop_signal;                                ///< sent to its process group
  Duration ready_within;                          ///< from its launch until it listens
  Duration stop_within;                           ///< from the signal until it is killed
  std::map<std::string, Template> environment{};  ///< besides that of this process
  bool datagrams = false;  ///< ready once it owns a UDP socket there, and not a listening one
  std::optional<Template> directory{};  ///< where it runs; nullopt: where this process does
};

/// A check that this target is known not to pass.
struct KnownFailure {
  std::string reason;
  std::string until;  ///< "2027-01-31": after that day it is a failure like any other; may be empty
  SourceLocation where;
};

/// What is tested and how it is reached (design: built-in, process, external).
struct Profile {
  enum class Form { kBuiltIn, kProcess, kExternal };
  enum class Isolation { kPerScenario, kShared };

  std::string name;
  std::string file;  ///< where it was read from; empty for the built-in one and for a bare address
  Form form = Form::kBuiltIn;
  Template
      address;  ///< "host:port"; `${port}` without a value is a free port, chosen at each launch
  std::optional<StartSpec> start;
  std::optional<TlsSettings> tls{};     ///< absent: spoken to without TLS
  std::optional<Framing> framing{};     ///< of requests and replies; absent: not said
  Encoding encoding = Encoding::kUtf8;  ///< of the texts in its parameters and its framing
  Isolation isolation = Isolation::kPerScenario;
  std::set<std::string> provides;
  ControlSpecs controls;                        ///< by what follows "control."
  std::map<std::string, ProgramSpec> programs;  ///< what scenarios may launch, such as "client"
  Variables vars;
  Parameters parameters;
  std::map<std::string, KnownFailure> known_failures;  ///< by the scenario's id
  int concurrency = 0;  ///< scenarios at once; 0: as many as the runner likes
};

/// Reads a profile; every mistake goes to `diagnostics`. `variables` (of the command line) win over
/// its own.
Profile load_profile(const std::string& file, std::string_view text, const Variables& variables,
                     Diagnostics& diagnostics);

/// The profile of a bare "host:port": nothing is known of it but what `provides` says.
Profile external_profile(const std::string& address, const std::set<std::string>& provides);

}  // namespace dialtone
