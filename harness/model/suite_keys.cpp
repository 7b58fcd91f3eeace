#include "harness/model/suite_keys.hpp"

#include <array>

namespace dialtone {
namespace {

using Type = KeySpec::Type;

constexpr std::array kSuiteKeys{
    KeySpec{"$schema", Type::kString, "the JSON Schema that an editor completes from"},
    KeySpec{"suite", Type::kString, "its name, dotted: \"article.listener\"", true},
    KeySpec{"title", Type::kString, "what it is about"},
    KeySpec{"note", Type::kString, "for the reader; it does nothing"},
    KeySpec{"encoding", Type::kEncoding, "of its texts; \"utf-8\" by default"},
    KeySpec{"timeout", Type::kDuration,
            "deadline of each step that has none of its own; \"5s\" by default"},
    KeySpec{"vars", Type::kVariables, "values of ${name}; the profile and --var win over them"},
    KeySpec{"needs", Type::kCapabilities, "capabilities that all its scenarios need"},
    KeySpec{"server", Type::kServer,
            "how the built-in server is set up for all its scenarios; each may say more"},
    KeySpec{"no_vary", Type::kNoVary, "why none of its scenarios holds under --vary"},
    KeySpec{"fragments", Type::kFragments,
            "lists of steps by name, for \"use\"; ${name} stands for what \"with\" gives"},
    KeySpec{"scenarios", Type::kScenarios, "its checks", true},
};

constexpr std::array kScenarioKeys{
    KeySpec{"id", Type::kId, "unique in the suite; letters, digits, '-', '_' and '.'", true},
    KeySpec{"title", Type::kString, "what must hold, as a sentence"},
    KeySpec{"level", Type::kLevel, "MUST by default; a SHOULD that fails is a warning"},
    KeySpec{"must_if", Type::kCapabilities,
            "capabilities that make it a MUST, whatever its level is; one is enough"},
    KeySpec{"source", Type::kString, "where the requirement comes from"},
    KeySpec{"note", Type::kString, "for the reader; it does nothing"},
    KeySpec{"means", Type::kString, "what a failure usually means in a server's code"},
    KeySpec{"no_vary", Type::kNoVary,
            "why it does not hold under --vary, where that is so; in place of the suite's"},
    KeySpec{"no_fault", Type::kString, "why no fault of a server can break it, where that is so"},
    KeySpec{"tags", Type::kStringList, "words to select it by"},
    KeySpec{"needs", Type::kCapabilities,
            "capabilities that the endpoint must provide; else it is skipped"},
    KeySpec{"encoding", Type::kEncoding, "in place of the suite's"},
    KeySpec{"timeout", Type::kDuration, "in place of the suite's"},
    KeySpec{"ignore_leftover", Type::kBoolean, "octets that no step expected do not fail it"},
    KeySpec{"await_ready", Type::kBoolean,
            "false: its own steps judge whether a launched target listens"},
    KeySpec{"server", Type::kServer, "how the built-in server is set up for it"},
    KeySpec{"steps", Type::kSteps, "what is done and expected, in order", true},
};

constexpr std::array kServerKeys{
    KeySpec{
        "personality", Type::kPersonality,
        "\"article\": one request a connection, as the article's script; \"line\": requests and "
        "replies that end in LF, many on a connection; \"udp\": a datagram each; \"article\" by "
        "default"},
    KeySpec{"once", Type::kBoolean, "it ends after its first client"},
    KeySpec{"any_address", Type::kBoolean, "it binds 0.0.0.0"},
    KeySpec{"whole_message", Type::kBoolean, "a request ends at the client's FIN"},
    KeySpec{"own_process", Type::kBoolean, "it runs as a program of its own"},
    KeySpec{"datagrams", Type::kBoolean, "it answers datagrams too"},
    KeySpec{"tls", Type::kBoolean,
            "the line server speaks TLS: a connect to it does too, unless it says \"tls\": false"},
    KeySpec{"client_certificate", Type::kBoolean, "over TLS it demands one of its clients"},
    KeySpec{"closes_after_reply", Type::kBoolean,
            "the line server takes one request a connection, and closes first"},
    KeySpec{"closes_on_bad_request", Type::kBoolean,
            "what is no request ends a connection to the line server, unanswered"},
    KeySpec{"idle_limit", Type::kDuration, "it closes a client that says nothing for so long"},
    KeySpec{"slow_limit", Type::kDuration,
            "it closes a client whose request takes longer than that to come whole"},
    KeySpec{"port", Type::kInteger,
            "it listens on this port, on a loopback address of the scenario's own"},
};

constexpr std::array kNoVaryKeys{
    KeySpec{"segmentation", Type::kString, "why what it sends must not be cut"},
    KeySpec{"timing", Type::kString, "why it must not pause or read slowly"},
};

}  // namespace

std::span<const KeySpec> suite_keys() { return kSuiteKeys; }
std::span<const KeySpec> scenario_keys() { return kScenarioKeys; }
std::span<const KeySpec> server_keys() { return kServerKeys; }
std::span<const KeySpec> no_vary_keys() { return kNoVaryKeys; }

std::vector<std::string> names_of(std::span<const KeySpec> keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) names.emplace_back(key.name);
  return names;
}

}  // namespace dialtone
