#include "harness/model/parameter.hpp"

#include <algorithm>
#include <array>

namespace dialtone {
namespace {

using Type = ParameterType;

// Both directions of a connection buffer 2.8 to 4 MB by default on loopback (tcp_rmem, tcp_wmem).
constexpr std::size_t kMoreThanBuffers = 8'000'000;
constexpr std::size_t kMoreThanARecv = 1025;

constexpr std::array kParameters{
    ParameterSpec{"request", Type::kPayload, "a request, whole, as it travels"},
    ParameterSpec{"reply", Type::kMatcher, "what answers it"},
    ParameterSpec{.name = "second_request",
                  .type = Type::kPayload,
                  .summary = "another request",
                  .unlike = "request"},
    ParameterSpec{.name = "second_reply",
                  .type = Type::kMatcher,
                  .summary = "what answers that: other octets than 'reply'",
                  .unlike = "reply"},
    ParameterSpec{"big_request", Type::kPayload, "a request for a reply of 8 MB at least"},
    ParameterSpec{.name = "big_reply",
                  .type = Type::kMatcher,
                  .summary = "what answers that",
                  .at_least = kMoreThanBuffers,
                  .too_small =
                      "a smaller one fits into the kernel's buffers, so that the server would "
                      "never have to wait for its client"},
    ParameterSpec{"echo_request", Type::kEcho, "a request that carries any octets"},
    ParameterSpec{"echo_reply", Type::kEcho, "what answers that: it gives them back"},
    ParameterSpec{"echo_data", Type::kPayload,
                  "octets that it must carry; every value once, less those of the framing's "
                  "delimiter (CR and LF without a framing), where it is left out"},
    ParameterSpec{"bad_request", Type::kPayload,
                  "what is no request: it must be answered all the "
                  "same, or the connection closed"},
    ParameterSpec{"bad_reply", Type::kMatcher, "what answers that"},
    ParameterSpec{"endless_request", Type::kPayload,
                  "more of one request than the server takes: it never ends"},
    ParameterSpec{"quit_request", Type::kPayload, "a request after which the server closes"},
    ParameterSpec{"quit_reply", Type::kMatcher, "what answers that, before the close"},
    ParameterSpec{
        .name = "banner",
        .type = Type::kMatcher,
        .summary = "what the server says first, before any request; nothing where it is absent",
        .optional = true},
    // More than the 40 ms of a delayed ACK, and the least time after which TCP sends again.
    ParameterSpec{.name = "quiet",
                  .type = Type::kDuration,
                  .summary = "how long silence is watched: as long as the server may take to say "
                             "something; 500ms by default where it is on another host",
                  .fallback = "200ms",
                  .remote_fallback = "500ms"},
    ParameterSpec{"reply_within", Type::kDuration,
                  "a reply comes sooner than that: ROB-24 holds the median of ten to it", "5s"},
    ParameterSpec{"step_timeout", Type::kDuration,
                  "what any step waits at the most, where 'reply_within' is tight: one slow reply "
                  "of ten is no failure then",
                  "${reply_within}"},
    ParameterSpec{"idle_limit", Type::kDuration,
                  "a connection on which nothing comes is closed after that"},
    ParameterSpec{"slow_limit", Type::kDuration,
                  "a connection whose request does not come whole is closed after that"},
    ParameterSpec{"slack", Type::kDuration, "how much later than a limit it may act", "2s"},
    ParameterSpec{"drain_signal", Type::kSignal,
                  "asks the server to finish what it has begun, and to end", "SIGTERM"},
    ParameterSpec{"drain_within", Type::kDuration, "it has ended sooner than that", "5s"},
    ParameterSpec{"clients", Type::kInteger, "clients that it serves at once", "30"},
    ParameterSpec{"backlog", Type::kInteger, "clients that may wait for accept", "16"},
    ParameterSpec{"datagram_request", Type::kPayload, "UDP: a request, one datagram"},
    ParameterSpec{"datagram_reply", Type::kMatcher, "the datagram that answers it"},
    ParameterSpec{.name = "datagram_second_request",
                  .type = Type::kPayload,
                  .summary = "UDP: another request",
                  .unlike = "datagram_request"},
    ParameterSpec{.name = "datagram_second_reply",
                  .type = Type::kMatcher,
                  .summary = "the datagram that answers that: other octets than 'datagram_reply'",
                  .unlike = "datagram_reply"},
    ParameterSpec{
        .name = "datagram_long_request",
        .type = Type::kPayload,
        .summary = "UDP: a request of more than 1024 octets, which is none where its end is lost",
        .at_least = kMoreThanARecv,
        .too_small = "a recv of 1024 octets, which is what many programs call, takes that whole"},
    ParameterSpec{"datagram_long_reply", Type::kMatcher, "the datagram that answers that"},
    ParameterSpec{"datagram_bad_request", Type::kPayload,
                  "UDP: what is no request: answered or not, the service goes on"},
    ParameterSpec{"client_input", Type::kClientPayload, "the client's standard input"},
    ParameterSpec{"client_request", Type::kPayload, "what it then sends, whole"},
    ParameterSpec{"client_reply", Type::kPayload, "what the harness answers"},
    ParameterSpec{"client_output", Type::kPayload, "what it then prints, among other things"},
    ParameterSpec{"client_long_input", Type::kClientPayload,
                  "an input that makes it send a long request"},
    ParameterSpec{"client_long_request", Type::kPayload,
                  "that request: 40,000 octets, for example"},
    ParameterSpec{"client_long_reply", Type::kPayload,
                  "a reply that no recv takes whole: 20,000 octets, for example"},
    ParameterSpec{"client_long_output", Type::kPayload,
                  "what it then prints: less than 64 KiB in all"},
    ParameterSpec{"client_empty_input", Type::kClientPayload, "an input with nothing to send"},
    ParameterSpec{"client_bad_input", Type::kClientPayload,
                  "an input that cannot be sent: its encoding lacks a character"},
    ParameterSpec{"client_bad_reply", Type::kPayload, "a reply that the client cannot read"},
    ParameterSpec{"client_limit", Type::kDuration,
                  "it gives up sooner than that where no answer comes"},
    ParameterSpec{"client_success_code", Type::kExitCodes, "its exit code where all went well",
                  "0"},
    ParameterSpec{"client_failure_code", Type::kExitCodes, "its exit code where it has failed",
                  "not ${client_success_code}"},
};

constexpr std::string_view kCapabilityPrefix = "parameter.";

}  // namespace

std::span<const ParameterSpec> parameter_specs() { return kParameters; }

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  names.reserve(kParameters.size());
  for (const auto& spec : kParameters) names.emplace_back(spec.name);
  return names;
}

const ParameterSpec* find_parameter(std::string_view name) {
  const auto found = std::ranges::find(kParameters, name, &ParameterSpec::name);
  return found == kParameters.end() ? nullptr : &*found;
}

std::string_view describe(ParameterType type) {
  switch (type) {
    case Type::kPayload: return "a payload";
    case Type::kMatcher: return "a payload, or a matcher such as {\"regex\": \"x+\"}";
    case Type::kEcho: return "a payload with ${data} in it; ${length} is the data's size";
    case Type::kClientPayload: return "a payload; ${host} and ${port} are the harness' listener";
    case Type::kDuration: return "a duration with its unit, such as \"200ms\"";
    case Type::kInteger: return "a whole number";
    case Type::kSignal: return "a signal's name, such as \"SIGTERM\"";
    case Type::kExitCodes: return "an exit code, a list of them, \"nonzero\", or \"not 3\"";
  }
  return "";
}

bool is_scalar(ParameterType type) {
  return type == Type::kDuration || type == Type::kInteger || type == Type::kSignal ||
         type == Type::kExitCodes;
}

bool Parameters::has(std::string_view name) const {
  const auto* spec = find_parameter(name);
  return scalars.contains(name) || payloads.contains(name) || matchers.contains(name) ||
         (spec != nullptr && !spec->fallback.empty());
}

std::vector<std::string> Parameters::provided() const {
  std::vector<std::string> names;
  names.reserve(kParameters.size());
  for (const auto& spec : kParameters) {
    if (has(spec.name)) names.push_back(parameter_capability(spec.name));
  }
  return names;
}

std::string parameter_capability(std::string_view name) {
  return std::string(kCapabilityPrefix) + std::string(name);
}

std::string_view parameter_of_capability(std::string_view capability) {
  if (!capability.starts_with(kCapabilityPrefix)) return {};
  return capability.substr(kCapabilityPrefix.size());
}

std::string_view whole_variable(std::string_view text) {
  if (!text.starts_with("${") || !text.ends_with('}')) return {};
  const auto name = text.substr(2, text.size() - 3);
  return name.find_first_of("${}") == std::string_view::npos ? name : std::string_view();
}

}  // namespace dialtone
