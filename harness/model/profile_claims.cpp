#include "harness/model/profile_claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dialtone {
namespace {

constexpr std::string_view kControl = "control.";

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

FalseClaim claim(std::string_view capability, std::string_view why, std::string hint) {
  return {fmt::format("'{}' cannot be provided by saying so: {}", capability, why),
          std::move(hint)};
}

constexpr std::array<std::string_view, 3> kOfLaunch{"process", "process_control",
                                                    "control.restart"};
constexpr std::array<std::string_view, 2> kOfOwnProcess{"process_control", "control.restart"};
// "local" is not: an address of this host that is no loopback may be led elsewhere.
constexpr std::array<std::string_view, 4> kFoundOut{"socket_table", "tcp", "process_observation",
                                                    "ipv6_host"};

std::optional<FalseClaim> of_launch(std::string_view name, const Profile& profile) {
  if (!is_one_of(kOfLaunch, name)) return std::nullopt;
  if (!profile.start)
    return claim(name, "nobody launches this target",
                 R"("start": {"command": ["./server", "${port}"]} provides it; or leave it out)");
  if (is_one_of(kOfOwnProcess, name) && profile.isolation == Profile::Isolation::kShared)
    return claim(name, "all scenarios share one process",
                 R"("isolation": "per-scenario" provides it; or leave it out)");
  return std::nullopt;
}

std::optional<FalseClaim> of_program(std::string_view name, const Profile& profile) {
  if (name != "client" && name != "tls_client") return std::nullopt;
  if (profile.programs.contains(std::string(name))) return std::nullopt;
  return claim(
      name, fmt::format("the profile has no program '{}'", name),
      fmt::format(R"("programs": {{"{}": ["./client", "${{host}}", "${{port}}"]}} provides it)",
                  name));
}

bool is_signal(const std::optional<ControlAction>& action) { return action && !action->program; }

/// What is told to a target that other scenarios meet after this one, or meanwhile.
std::optional<FalseClaim> of_shared_control(std::string_view name, const ControlSpec& control,
                                            const Profile& profile) {
  if (profile.start && profile.isolation == Profile::Isolation::kPerScenario) return std::nullopt;
  if (!control.undo)
    return claim(name, "the target outlives the scenario, and nothing takes it back",
                 R"("undo": {"command": ["./admin", "open"]})");
  if (profile.concurrency != 1)
    return claim(name, "scenarios that run at the same time would meet it too",
                 R"("concurrency": 1)");
  return std::nullopt;
}

std::optional<FalseClaim> of_control(std::string_view name, const Profile& profile) {
  if (!name.starts_with(kControl) || is_one_of(kOfLaunch, name)) return std::nullopt;
  const auto control = std::string(name.substr(kControl.size()));
  const auto found = profile.controls.find(control);
  if (found == profile.controls.end())
    return claim(name, "nothing says how it is done",
                 fmt::format(R"("controls": {{"{}": {{{}}}}} provides it)", control,
                             profile.start ? R"("signal": "SIGUSR1")"
                                           : R"("command": ["./admin", "close"])"));
  const auto& spec = found->second;
  if (!profile.start && (is_signal(spec.action) || is_signal(spec.undo)))
    return claim(name, "its signal goes to a program that 'start' launches, and there is none",
                 R"("start": {"command": ["./server", "${port}"]}, or "command" for "signal")");
  return of_shared_control(name, spec, profile);
}

}  // namespace

std::optional<FalseClaim> false_claim(std::string_view capability, const Profile& profile) {
  if (auto wrong = of_launch(capability, profile)) return wrong;
  if (auto wrong = of_program(capability, profile)) return wrong;
  if (auto wrong = of_control(capability, profile)) return wrong;
  if (capability == "server_side")
    return claim(capability, "only the built-in server has it", "leave it out");
  if ((capability == "tls" || capability == "tls_verify") && !profile.tls)
    return claim(capability, "the profile does not say how TLS is spoken",
                 R"("tls": {"ca": "ca.pem"} provides it)");
  if (!profile.start && is_one_of(kFoundOut, capability))
    return claim(capability, "it is found out when the run begins", "leave it out");
  return std::nullopt;
}

}  // namespace dialtone
