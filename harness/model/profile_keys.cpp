#include "harness/model/profile_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace dialtone {
namespace {

using Type = ProfileKey::Type;

constexpr std::array<std::string_view, 2> kIsolations{"per-scenario", "shared"};
constexpr std::array<std::string_view, 2> kReadiness{"listening", "datagrams"};
constexpr std::array<std::string_view, 2> kVersions{"1.2", "1.3"};

constexpr std::array kProfileKeys{
    ProfileKey{"$schema", Type::kString, "the JSON Schema that an editor completes from"},
    ProfileKey{"name", Type::kString, "as reports call the target"},
    ProfileKey{"note", Type::kString, "for the reader; it does nothing"},
    ProfileKey{"address", Type::kText,
               "\"host:port\", \"[::1]:port\", \"unix:PATH\" or \"unix:@NAME\"; ${port} is a free "
               "port, another one at each launch",
               true},
    ProfileKey{"start", Type::kStart, "how it is launched; absent: it runs already"},
    ProfileKey{"isolation", Type::kWord,
               "a fresh process for each scenario, or one for the run; \"per-scenario\" by default",
               false, kIsolations},
    ProfileKey{"provides", Type::kCapabilities,
               "capabilities, besides those that follow from the rest, or are found out"},
    ProfileKey{"controls", Type::kControls,
               "what it can be told to do, by a signal or by a command of yours"},
    ProfileKey{"programs", Type::kPrograms, "what scenarios may launch, such as \"client\""},
    ProfileKey{"vars", Type::kVariables, "values of ${name}, in the profile and in suites"},
    ProfileKey{"concurrency", Type::kConcurrency, "scenarios at once; 1 by default"},
    ProfileKey{"encoding", Type::kEncoding,
               "of the texts in 'parameters' and 'framing', which octets are shown in; \"utf-8\" "
               "by default"},
    ProfileKey{"framing", Type::kFraming, "how its requests and replies are told apart"},
    ProfileKey{"parameters", Type::kParameters, "what it is asked and answers, and how soon"},
    ProfileKey{"known_failures", Type::kKnownFailures,
               "ids of scenarios that it is known not to pass; one that passes fails the run"},
    ProfileKey{"tls", Type::kTls, "how TLS is spoken with it"},
};

constexpr std::array kStartKeys{
    ProfileKey{"command", Type::kCommand, "the program and its arguments; no shell", true},
    ProfileKey{"ready", Type::kWord,
               "it is ready once it listens, or has a UDP socket; \"listening\" by default", false,
               kReadiness,
               "the kernel's table of listening sockets, or that of UDP sockets, is watched; a "
               "connection as a probe could be the only one that the server takes"},
    ProfileKey{"ready_within", Type::kDuration, "deadline for that; \"10s\" by default"},
    ProfileKey{"stop", Type::kSignal, "what ends it; \"SIGTERM\" by default"},
    ProfileKey{"stop_within", Type::kDuration, "SIGKILL follows after that; \"5s\" by default"},
    ProfileKey{"environment", Type::kEnvironment, "besides that of this process"},
    ProfileKey{"directory", Type::kText, "where it runs; that of this process by default"},
};

constexpr std::array kProgramKeys{
    ProfileKey{"command", Type::kCommand, "the program and its arguments; no shell", true},
    ProfileKey{"environment", Type::kEnvironment, "besides that of this process"},
    ProfileKey{"directory", Type::kText, "where it runs; that of this process by default"},
};

constexpr ProfileKey kSignalKey{"signal", Type::kSignal, "sent to the launched program"};
constexpr ProfileKey kCommandKey{
    "command", Type::kProgram,
    "in place of a signal, a program that does it, and ends with 0 once it is done; ${host}, "
    "${port} and ${address} are the target's"};

constexpr std::array kControlKeys{
    kSignalKey,
    kCommandKey,
    ProfileKey{"undo", Type::kUndo,
               "takes it back when the scenario has ended; a target that outlives it needs that"},
};

constexpr std::array kUndoKeys{kSignalKey, kCommandKey};

constexpr std::array kTlsKeys{
    ProfileKey{"ca", Type::kText, "a PEM file: whom to trust; the system's authorities by default"},
    ProfileKey{"server_name", Type::kText, "for SNI, and verified; the address' host by default"},
    ProfileKey{"alpn", Type::kProtocols, "protocols to offer, the best one first"},
    ProfileKey{"certificate", Type::kText, "a PEM file: who we are; it needs 'key'"},
    ProfileKey{"key", Type::kText, "the PEM file of the certificate's key"},
    ProfileKey{"verify", Type::kBoolean, "its certificate; true by default"},
    ProfileKey{"min_version", Type::kWord, "of TLS", false, kVersions},
};

constexpr std::array kKnownFailureKeys{
    ProfileKey{"reason", Type::kString, "why it is let pass, such as a ticket", true},
    ProfileKey{"until", Type::kDate, "the last day on which it is, such as \"2027-01-31\""},
};

void check_value(const ProfileKey& key, const JsonNode& value, LoadContext& context) {
  if (key.type == Type::kString)
    context.expect_kind(value, JsonNode::Kind::kString, fmt::format("'{}'", key.name));
  if (key.type != Type::kWord || std::ranges::find(key.words, value.string) != key.words.end())
    return;
  context.report(value,
                 fmt::format("'{}' must be \"{}\"", key.name, fmt::join(key.words, "\" or \"")),
                 std::string(key.hint));
}

}  // namespace

std::span<const ProfileKey> profile_keys() { return kProfileKeys; }
std::span<const ProfileKey> start_keys() { return kStartKeys; }
std::span<const ProfileKey> program_keys() { return kProgramKeys; }
std::span<const ProfileKey> control_keys() { return kControlKeys; }
std::span<const ProfileKey> undo_keys() { return kUndoKeys; }
std::span<const ProfileKey> tls_keys() { return kTlsKeys; }
std::span<const ProfileKey> known_failure_keys() { return kKnownFailureKeys; }

void check_profile_keys(const JsonNode& object, std::span<const ProfileKey> keys,
                        std::string_view what, LoadContext& context) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const auto& key : keys) names.emplace_back(key.name);
  context.refuse_unknown_keys(object, names, what);
  for (const auto& key : keys) {
    if (const auto* value = object.find(key.name)) check_value(key, *value, context);
  }
}

}  // namespace dialtone
