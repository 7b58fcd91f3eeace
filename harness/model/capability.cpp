#include "harness/model/capability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/model/parameter.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kAnySegmentation = "any_segmentation";
constexpr std::string_view kReplyBeforeFin = "reply_before_fin";

constexpr std::array kCapabilities{
    Capability{"request_reply", "C1", "answers 你在么? with 'thank you !' in GBK and then closes"},
    Capability{"greeting_reply", "C1", "answers 你好啊 with 我很好,你呢 in GBK"},
    Capability{"loop", "C1",
               "serves one client after another, and several at once, until it is stopped"},
    Capability{"one_shot", "C1", "ends after its first client"},
    Capability{"whole_message", "C1", "takes everything up to the client's FIN as one request"},
    Capability{"decode_errors", "C1", "survives octets that are no GBK and goes on serving"},
    Capability{"persistent", "C1", "takes many requests on one connection"},
    Capability{"pipelining", "C1", "takes requests before it has answered earlier ones"},
    Capability{kAnySegmentation, "C1", "takes requests however TCP cuts and joins them",
               kIsOneShot},
    Capability{kReplyBeforeFin, "C1", "answers a request without the client's FIN",
               "the profile's framing is until_eof"},
    Capability{"binary", "C1", "takes any octets as the data of its echo request"},
    Capability{"gbk", "C1", "takes text in GBK", "the profile's encoding is not gbk"},
    Capability{"half_close", "C1", "has clients that half-close after their request"},
    Capability{"closes_after_reply", "C1",
               "closes after each reply, before its client does: one request a connection"},
    Capability{"closes_on_bad_request", "C1", "ends a connection on which no request came"},
    Capability{"open_after_bad_request", "C1", "keeps the connection after what is no request",
               "the profile says that the server closes on a bad request"},
    Capability{"keepalive", "C1", "sets SO_KEEPALIVE on its connections"},
    Capability{"datagrams", "C1", "answers 你在么? over UDP on the same port number"},
    Capability{"tcp", "C0", "is reached over TCP: a Unix socket has neither RST nor urgent data"},
    Capability{"tls", "C0", "is spoken to over TLS, as its profile's 'tls' says"},
    Capability{"tls_verify", "C0",
               "shows a certificate that its profile's 'tls' has verified, with its name"},
    Capability{"tls_client_certificate", "C1", "demands a certificate of its clients over TLS"},
    Capability{"any_address", "C0", "listens on every local IPv4 address"},
    Capability{"ipv6", "C0", "listens on IPv6 addresses too"},
    Capability{"agreed_port", "C0", "can be asked to listen on a given port"},
    Capability{"local", "C4", "runs on this host, in this network namespace"},
    Capability{"ipv6_host", "C0", "is tested from a host that has the address ::1"},
    Capability{"process", "C2", "is a program that we launch, watch and stop"},
    Capability{"process_control", "C2",
               "is a program of one scenario alone, which may signal, limit and kill it"},
    Capability{"process_observation", "C5",
               "is a process on this host that we may look into, and no two scenarios use it at "
               "once"},
    Capability{"client", "C2", "comes with a client program that we launch"},
    Capability{"tls_client", "C2",
               "comes with a client program that speaks TLS and trusts the authority in ${tls_ca}"},
    Capability{"control.close_listener", "C3",
               "closes its listening socket on demand while connections live"},
    Capability{"control.pause_accept", "C6", "stops calling accept on demand, and goes on again"},
    Capability{"control.restart", "C2", "is killed on demand and launched again on its address"},
    Capability{"socket_table", "C4",
               "has its sockets in the kernel's table, where they can be seen"},
    Capability{"server_side", "C6", "lets us look at the server's side of the conversation"},
};

}  // namespace

std::span<const Capability> capabilities() { return kCapabilities; }

std::vector<std::string> capability_names() {
  std::vector<std::string> names;
  names.reserve(kCapabilities.size());
  for (const auto& capability : kCapabilities) names.emplace_back(capability.name);
  return names;
}

const Capability* find_capability(std::string_view name) {
  const auto found = std::ranges::find(kCapabilities, name, &Capability::name);
  return found == kCapabilities.end() ? nullptr : &*found;
}

std::set<std::string> capabilities_of(const std::optional<Framing>& framing) {
  std::set<std::string> all{std::string(kAnySegmentation), std::string(kReplyBeforeFin)};
  if (framing && std::holds_alternative<OneShotFraming>(*framing))
    all.erase(std::string(kAnySegmentation));
  if (framing && std::holds_alternative<UntilEofFraming>(*framing))
    all.erase(std::string(kReplyBeforeFin));
  return all;
}

std::optional<std::string> missing_capability(const std::set<std::string>& needed,
                                              const std::set<std::string>& provided) {
  for (const auto& name : needed) {
    if (provided.contains(name)) continue;
    const auto* parameter = find_parameter(parameter_of_capability(name));
    if (parameter != nullptr)
      return fmt::format("the profile gives no '{}' ({})", parameter->name, parameter->summary);
    const auto* known = find_capability(name);
    if (known == nullptr) return fmt::format("the target does not provide '{}'", name);
    if (!known->absence.empty()) return std::string(known->absence);
    return fmt::format("the target does not provide '{}' ({}: it {})", name, known->code,
                       known->summary);
  }
  return std::nullopt;
}

}  // namespace dialtone
