#include "harness/steps/send_varied.hpp"

#include <chrono>
#include <optional>

#include "harness/steps/piece_watch.hpp"
#include "harness/steps/send_pieces.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {
namespace {

// How long a piece may take to arrive before the split counts as not shown.
constexpr Duration kArrivesWithin = std::chrono::seconds(1);

}  // namespace

Task<StepOutcome> send_varied(Session& session, Connection& connection, ByteView octets,
                              Segmentation segmentation, std::optional<Duration> within) {
  auto& loop = session.loop();
  if (segmentation.before > Duration::zero())
    co_await loop.sleep_until(Clock::now() + segmentation.before);
  const auto pieces = pieces_of(octets, segmentation.cuts);
  const auto pace = pace_of(session, pieces.size(), std::nullopt);
  PieceWatch watch(session, connection, pace);
  std::size_t sent = 0;
  bool splits = true;
  for (std::size_t i = 0; i < pieces.size() && splits; ++i) {
    const auto deadline = session.deadline(within);
    const auto delivery = co_await connection.send(pieces[i], deadline);
    auto outcome = judge_delivery(delivery, deadline);
    if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
    sent += pieces[i].size();
    if (i + 1 == pieces.size()) co_return Passed{};
    const auto arrives = session.deadline(kArrivesWithin);
    const auto seen = co_await watch.await_read(pieces[i].size(), arrives);
    splits = seen != SeenPiece::kUndelivered;
    if (!splits || seen == SeenPiece::kHidden) session.note_unshown_split();
    if (seen == SeenPiece::kHidden) co_await loop.sleep_until(Clock::now() + pace.gap);
    if (segmentation.between > Duration::zero())
      co_await loop.sleep_until(Clock::now() + segmentation.between);
  }
  const auto deadline = session.deadline(within);
  const auto delivery = co_await connection.send(octets.substr(sent), deadline);
  co_return judge_delivery(delivery, deadline);
}

}  // namespace dialtone
