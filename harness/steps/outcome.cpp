#include "harness/steps/outcome.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/errno_name.hpp"

namespace dialtone {

Failed failed(std::string type, std::string message, std::string expected, std::string actual) {
  return {
      {std::move(type), std::move(message), std::move(expected), std::move(actual), std::nullopt}};
}

Impossible impossible(std::string type, std::string message) {
  return {{std::move(type), std::move(message), {}, {}, std::nullopt}};
}

Impossible stalled(const HarnessStalled& stall, const Deadline& deadline) {
  return impossible(
      std::string(kHarnessStalled),
      fmt::format(
          "the harness itself did not run for {} of a wait of {}: nothing can be said of the peer",
          humanize(stall.stalled), format_duration(deadline.budget())));
}

Impossible trouble(const LocalTrouble& trouble) {
  return impossible("LocalTrouble", fmt::format("{} failed on our own side: {}", trouble.call,
                                                errno_name(trouble.error)));
}

std::string describe(Ending ending) {
  switch (ending) {
    case Ending::kFin: return "the peer ended with FIN (recv returned 0 octets)";
    case Ending::kReset: return "the peer reset the connection (ECONNRESET)";
    case Ending::kTimeout: return "the kernel gave the connection up (ETIMEDOUT)";
    case Ending::kTruncated: return "the stream was truncated: FIN without close_notify";
    case Ending::kTlsFailed: return "the peer broke the TLS session";
  }
  return {};
}

namespace {

std::string_view type_of(Ending ending) {
  switch (ending) {
    case Ending::kFin: return "UnexpectedEof";
    case Ending::kReset: return "UnexpectedReset";
    case Ending::kTimeout: return "ConnectionTimedOut";
    case Ending::kTruncated: return "TruncatedStream";
    case Ending::kTlsFailed: return "TlsFailed";
  }
  return "";
}

}  // namespace

StepOutcome unexpected(const Arrival& arrival, std::string_view wanted, const Deadline& deadline) {
  if (const auto* ending = std::get_if<Ending>(&arrival)) {
    return failed(std::string(type_of(*ending)),
                  fmt::format("expected {}, but {}", wanted, describe(*ending)),
                  std::string(wanted), describe(*ending));
  }
  if (const auto* broken = std::get_if<TlsBroken>(&arrival)) {
    const auto how = fmt::format("{}: {}", describe(Ending::kTlsFailed), broken->reason);
    return failed(std::string(type_of(Ending::kTlsFailed)),
                  fmt::format("expected {}, but {}", wanted, how), std::string(wanted), how);
  }
  if (const auto* stall = std::get_if<HarnessStalled>(&arrival)) return stalled(*stall, deadline);
  if (const auto* local = std::get_if<LocalTrouble>(&arrival)) return trouble(*local);
  const auto silence = fmt::format("nothing came within {}", format_duration(deadline.budget()));
  return failed("Timeout", fmt::format("expected {}, but {}", wanted, silence), std::string(wanted),
                silence);
}

StepOutcome unexpected(const DatagramArrival& arrival, std::string_view wanted,
                       const Deadline& deadline) {
  if (std::holds_alternative<PortUnreachable>(arrival)) {
    constexpr auto refused = "nobody has the port (ECONNREFUSED, by ICMP port unreachable)";
    return failed("PortUnreachable", fmt::format("expected {}, but {}", wanted, refused),
                  std::string(wanted), refused);
  }
  if (const auto* stall = std::get_if<HarnessStalled>(&arrival))
    return unexpected(Arrival(*stall), wanted, deadline);
  if (const auto* local = std::get_if<LocalTrouble>(&arrival))
    return unexpected(Arrival(*local), wanted, deadline);
  return unexpected(Arrival(TimedOut{}), wanted, deadline);
}

Failed unexpected_octets(ByteView octets, std::string_view wanted, Encoding encoding) {
  auto result = failed("UnexpectedData",
                       fmt::format("expected {}, but {} octets came", wanted, octets.size()),
                       std::string(wanted), fmt::format("{} octets", octets.size()));
  result.problem.bytes = ByteComparison{{}, Bytes(octets), 0, encoding};
  return result;
}

void name_connection(StepOutcome& outcome, std::string_view name) {
  const auto say = [&](Problem& problem) {
    problem.message = fmt::format("on '{}': {}", name, problem.message);
  };
  if (auto* failure = std::get_if<Failed>(&outcome)) say(failure->problem);
  if (auto* impossible = std::get_if<Impossible>(&outcome)) say(impossible->problem);
}

}  // namespace dialtone
