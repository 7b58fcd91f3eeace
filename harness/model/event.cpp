#include "harness/model/event.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "harness/model/duration.hpp"
#include "harness/model/errno_name.hpp"
#include "harness/model/plural.hpp"

namespace dialtone {
namespace {

/// One overload a kind and no catch-all: a new kind does not compile until it is placed here.
struct Describer {
  std::string operator()(const Connected& event) const {
    return fmt::format("connected {} to {}", event.local, event.peer);
  }
  std::string operator()(const ConnectFailed& event) const {
    return fmt::format("connect to {}: {}", event.peer,
                       describe_failure(event.outcome, event.error, event.reason));
  }
  std::string operator()(const Listening& event) const {
    return fmt::format("listening on {}, backlog {}", event.local, event.backlog);
  }
  std::string operator()(const Accepted& event) const {
    return fmt::format("accepted {} on {}", event.peer, event.local);
  }
  std::string operator()(const Sent& event) const {
    return "sent " + plural(event.bytes.size(), "octet");
  }
  std::string operator()(const Received& event) const {
    return "received " + plural(event.bytes.size(), "octet");
  }
  std::string operator()(const PeerEnded& event) const {
    if (event.after_fin) return "peer sent RST after its FIN (FIN, later reset)";
    switch (event.ending) {
      case Ending::kFin: return "peer ended with FIN";
      case Ending::kReset: return "peer ended with RST (ECONNRESET)";
      case Ending::kTimeout:
        return fmt::format("the kernel gave the peer up ({})",
                           errno_name(event.error == 0 ? ETIMEDOUT : event.error));
      case Ending::kTruncated: return "peer ended with FIN without close_notify (truncated)";
      case Ending::kTlsFailed: return "peer broke the TLS session";
    }
    return "peer ended";
  }
  std::string operator()(const WeEnded& event) const {
    switch (event.how) {
      case WeEnded::How::kShutdown: return "ended our direction with FIN (shutdown)";
      case WeEnded::How::kClose: return "closed the connection";
      case WeEnded::How::kReset: return "reset the connection (RST)";
    }
    return "ended the connection";
  }
  std::string operator()(const DeadlinePassed& event) const {
    return fmt::format("deadline of {} passed, waiting for {}", format_duration(event.budget),
                       event.waiting_for);
  }
  std::string operator()(const Called& event) const {
    if (event.error == 0) return fmt::format("{} returned {}", event.call, event.returned);
    return fmt::format("{} returned {} ({})", event.call, event.returned, errno_name(event.error));
  }
  std::string operator()(const Noted& event) const { return event.text; }
};

}  // namespace

std::string_view name_of(WeEnded::How how) {
  switch (how) {
    case WeEnded::How::kShutdown: return "shutdown";
    case WeEnded::How::kClose: return "close";
    case WeEnded::How::kReset: return "reset";
  }
  return "unknown";
}

std::string describe_failure(ConnectOutcome outcome, int error, const std::string& reason) {
  std::string cause = error != 0 ? errno_name(error) : "no answer";
  if (outcome == ConnectOutcome::kTlsFailed) {
    cause = reason;
  } else if (!reason.empty()) {
    cause += ", " + reason;
  }
  return fmt::format("{} ({})", name_of(outcome), cause);
}

std::string describe(const EventKind& kind) { return std::visit(Describer{}, kind); }

ByteView payload_of(const EventKind& kind) {
  if (const auto* sent = std::get_if<Sent>(&kind)) return sent->bytes;
  if (const auto* received = std::get_if<Received>(&kind)) return received->bytes;
  return {};
}

}  // namespace dialtone
