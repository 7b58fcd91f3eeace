#include "harness/net/dial_detail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "harness/net/dial.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {
namespace {

/// The listener that would have taken the call and has no room: its queue holds one more than its
/// backlog (KRN-17). nullopt where another one has.
std::optional<SocketRow> full_listener(const SocketAddress& to) {
  auto table = SocketTable::open();
  if (!table.ok()) return std::nullopt;
  auto listeners = table.value().listeners(to.port());
  if (!listeners.ok()) return std::nullopt;
  auto& rows = listeners.value();
  std::erase_if(rows, [&](const SocketRow& row) { return !takes(row, to); });
  const auto is_full = [](const SocketRow& row) { return row.receive_queue > row.send_queue; };
  if (rows.empty() || !std::ranges::all_of(rows, is_full)) return std::nullopt;
  return rows.front();
}

std::string why_silent(const SocketAddress& to) {
  if (to.is_unix()) return "busy: the listener's queue is full";
  if (is_on_this_host(to) || to.is_any()) {
    if (const auto full = full_listener(to)) {
      return fmt::format("busy: the listener's accept queue is full, {} wait with a backlog of {}",
                         full->receive_queue, full->send_queue);
    }
  }
  return "filtered or busy";
}

std::string why_unreachable(int error, const SocketAddress& to) {
  if (error == ENETUNREACH && is_for_many(to)) return "a broadcast or multicast address";
  return error == ENETUNREACH ? "no route on this host" : "by a route of this host";
}

}  // namespace

std::optional<ConnectOutcome> outcome_of(const FailedConnect& failed) {
  const auto outcome = outcome_of(failed.error);
  if (outcome || !failed.icmp) return outcome;
  return ConnectOutcome::kUnreachable;
}

std::string detail_of(const FailedConnect& failed, const SocketAddress& to) {
  if (failed.icmp) return describe(*failed.icmp);
  const auto outcome = outcome_of(failed.error);
  if (outcome == ConnectOutcome::kTimeout) return why_silent(to);
  if (outcome == ConnectOutcome::kUnreachable) return why_unreachable(failed.error, to);
  return {};
}

std::string policy_behind(int error) {
  switch (error) {
    case EACCES:
    case EPERM: return "forbidden by a route or a rule of this host";
    case EINVAL: return "a blackhole route of this host, or an address without its interface";
    default: return {};
  }
}

}  // namespace dialtone
