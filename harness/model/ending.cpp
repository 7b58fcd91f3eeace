#include "harness/model/ending.hpp"

#include <algorithm>
#include <array>

namespace dialtone {

std::string_view name_of(ConnectOutcome outcome) {
  switch (outcome) {
    case ConnectOutcome::kConnected: return "connected";
    case ConnectOutcome::kRefused: return "refused";
    case ConnectOutcome::kTimeout: return "timeout";
    case ConnectOutcome::kUnreachable: return "unreachable";
    case ConnectOutcome::kReset: return "reset";
    case ConnectOutcome::kTlsFailed: return "tls_failed";
  }
  return "unknown";
}

std::optional<ConnectOutcome> find_connect_outcome(std::string_view name) {
  constexpr std::array all{ConnectOutcome::kConnected, ConnectOutcome::kRefused,
                           ConnectOutcome::kTimeout,   ConnectOutcome::kUnreachable,
                           ConnectOutcome::kReset,     ConnectOutcome::kTlsFailed};
  const auto* found =
      std::ranges::find_if(all, [&](ConnectOutcome outcome) { return name_of(outcome) == name; });
  if (found == all.end()) return std::nullopt;
  return *found;
}

std::string_view name_of(Ending ending) {
  switch (ending) {
    case Ending::kFin: return "fin";
    case Ending::kReset: return "reset";
    case Ending::kTimeout: return "timeout";
    case Ending::kTruncated: return "truncated";
    case Ending::kTlsFailed: return "tls_failed";
  }
  return "unknown";
}

}  // namespace dialtone
