#include "harness/steps/send_pieces.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/errno_name.hpp"
#include "harness/model/plural.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {
namespace {

StepOutcome not_delivered(const Deadline& deadline, const std::string& what) {
  const auto problem =
      fmt::format("{} did not reach the peer within {}", what, format_duration(deadline.budget()));
  return failed("Timeout", problem, what + " reaches the peer", problem);
}

}  // namespace

Task<std::optional<StepOutcome>> await_reader(Session& session, PieceWatch& watch, std::string what,
                                              std::size_t octets, Duration gap, Deadline deadline) {
  const auto seen = co_await watch.await_read(octets, deadline);
  switch (seen) {
    case SeenPiece::kRead:
    case SeenPiece::kUnread: co_return std::nullopt;
    case SeenPiece::kUndelivered: break;
    case SeenPiece::kHidden:
      session.note_unshown_split();
      co_await session.loop().sleep_until(Clock::now() + gap);
      co_return std::nullopt;
  }
  if (deadline.spoilt(session.loop()))
    co_return stalled({deadline.stalled(session.loop())}, deadline);
  co_return not_delivered(deadline, what);
}

std::optional<std::string> no_such_cut(const Cuts& cuts, std::size_t octets) {
  if (!cuts || cuts->empty() || cuts->back() < octets) return std::nullopt;
  if (octets == 1 && cuts->back() == 1) return std::nullopt;
  return fmt::format("a cut behind octet {}, but only {} sent", cuts->back(),
                     octets == 1 ? "1 octet is" : fmt::format("{} octets are", octets));
}

std::vector<ByteView> pieces_of(ByteView octets, const Cuts& cuts) {
  std::vector<ByteView> pieces;
  if (!cuts) {
    for (std::size_t at = 0; at < octets.size(); ++at) pieces.push_back(octets.substr(at, 1));
    return pieces;
  }
  std::size_t begin = 0;
  for (const auto cut : *cuts) {
    if (cut <= begin || cut >= octets.size()) continue;
    pieces.push_back(octets.substr(begin, cut - begin));
    begin = cut;
  }
  pieces.push_back(octets.substr(begin));
  return pieces;
}

StepOutcome judge_delivery(const Delivery& delivery, const Deadline& deadline) {
  if (std::holds_alternative<AllSent>(delivery)) return Passed{};
  if (const auto* local = std::get_if<LocalTrouble>(&delivery)) return trouble(*local);
  if (const auto* stall = std::get_if<HarnessStalled>(&delivery)) return stalled(*stall, deadline);
  if (const auto* gone = std::get_if<PeerGone>(&delivery)) {
    return failed(std::string(kSendFailed),
                  fmt::format("send failed with {}: the peer is gone", errno_name(gone->error)),
                  "the octets are taken", errno_name(gone->error));
  }
  const auto full =
      fmt::format("the peer did not take all octets within {}", format_duration(deadline.budget()));
  return failed("Timeout", full, "the octets are taken", full);
}

namespace {

StepOutcome has_no_records(const Connection& connection) {
  return impossible("NoTls",
                    fmt::format("'{}' speaks no TLS: it has no records", connection.name()));
}

Task<StepOutcome> send_each(Session& session, Connection& connection,
                            const std::vector<ByteView>& pieces, bool sealed,
                            std::optional<Duration> gap, Deadline deadline) {
  PieceWatch watch(session, connection, pace_of(session, pieces.size(), gap));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    Delivery delivery;
    if (sealed) {
      delivery = co_await connection.send_sealed(pieces[i], deadline);
    } else {
      delivery = co_await connection.send(pieces[i], deadline);
    }
    auto outcome = judge_delivery(delivery, deadline);
    if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
    if (i + 1 == pieces.size()) break;
    auto what = fmt::format("piece {} of {}", i + 1, pieces.size());
    auto problem = co_await await_reader(session, watch, std::move(what), pieces[i].size(),
                                         gap.value_or(kGap), deadline);
    if (problem) co_return std::move(*problem);
  }
  co_return Passed{};
}

}  // namespace

Task<StepOutcome> send_pieces(Session& session, Connection& connection,
                              const std::vector<ByteView>& pieces, std::optional<Duration> gap,
                              Deadline deadline) {
  return send_each(session, connection, pieces, false, gap, deadline);
}

Task<StepOutcome> send_record_pieces(Session& session, Connection& connection, ByteView octets,
                                     Cuts cuts, std::optional<Duration> gap, Deadline deadline) {
  if (connection.tls() == nullptr) co_return has_no_records(connection);
  const auto records = connection.seal(octets);
  if (!records) co_return judge_delivery(PeerGone{EPIPE}, deadline);
  if (const auto problem = no_such_cut(cuts, records->size()))
    co_return impossible("NoSuchCut", *problem);
  const auto pieces = pieces_of(*records, cuts);
  co_return co_await send_each(session, connection, pieces, true, gap, deadline);
}

Task<StepOutcome> send_forged(Connection& connection, ByteView octets, Deadline deadline) {
  if (connection.tls() == nullptr) co_return has_no_records(connection);
  auto records = connection.seal(octets);
  if (!records || records->empty()) co_return judge_delivery(PeerGone{EPIPE}, deadline);
  records->back() = static_cast<char>(records->back() ^ 1);
  const auto delivery = co_await connection.send_sealed(*records, deadline);
  co_return judge_delivery(delivery, deadline);
}

}  // namespace dialtone
