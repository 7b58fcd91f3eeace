#include "harness/steps/watched_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "harness/net/observed_processes.hpp"
#include "harness/net/process.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/program_ended.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {

std::variant<WatchedProgram, Impossible> WatchedProgram::of(Session& session,
                                                            const std::string& name) {
  auto* process = session.program(name);
  if (process != nullptr) return WatchedProgram(name, process, nullptr);
  if (name != "target")
    return impossible("NoProcess", fmt::format("'{}' is no program of ours", name));
  const auto* observed = session.endpoint().observed();
  if (observed != nullptr) return WatchedProgram(name, nullptr, observed);
  return impossible("NoProcess",
                    "'target' is no program of ours, and no process that we may look into listens "
                    "at its address");
}

OsResult<int> WatchedProgram::descriptors() const {
  return process_ != nullptr ? descriptors_of_group(process_->pid()) : observed_->descriptors();
}

ProcessorUse WatchedProgram::processor_use() const {
  return process_ != nullptr ? dialtone::processor_use(process_->pid())
                             : observed_->processor_use();
}

std::optional<Impossible> WatchedProgram::used_by_others(Session& session) const {
  if (observed_ == nullptr || !session.has_socket_table()) return std::nullopt;
  std::set<std::uint16_t> ours;
  for (const auto& [name, connection] : session.connections())
    ours.insert(connection->local().port());
  const auto target = session.endpoint().address();
  const auto rows = session.socket_table().connections(target.port());
  if (!rows.ok()) return std::nullopt;
  // What a client of an earlier scenario left is not ESTABLISHED any more: its end has come.
  const auto is_others = [&](const SocketRow& row) {
    const bool is_here = target.is_any() || row.local.unmapped() == target.unmapped();
    return is_here && row.state == TcpState::kEstablished && !ours.contains(row.peer.port());
  };
  const auto found = std::ranges::find_if(rows.value(), is_others);
  if (found == rows.value().end()) return std::nullopt;
  return impossible("OtherClients",
                    fmt::format("another client, {}, is connected to the target meanwhile: what "
                                "is seen of it may be that one's doing",
                                found->peer.to_string()));
}

std::optional<StepOutcome> WatchedProgram::ended() const {
  if (process_ != nullptr) return program_ended(*process_, name_);
  if (!observed_->running().empty()) return std::nullopt;
  return failed("ProgramEnded",
                fmt::format("expected '{}' to run, but it had ended: {}", name_, observed_->name()),
                "it runs", "it has ended");
}

Task<std::optional<StepOutcome>> WatchedProgram::ended_soon() const {
  if (process_ == nullptr) co_return ended();
  auto outcome = co_await program_ended_soon(*process_, name_);
  co_return outcome;
}

}  // namespace dialtone
