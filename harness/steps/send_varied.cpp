#include "harness/steps/send_varied.hpp"

#include <algorithm>
#include <chrono>

#include "harness/steps/send_pieces.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {
namespace {

// How long the peer has to read a piece before the split counts as not shown.
constexpr Duration kPatienceForRead = std::chrono::seconds(1);
// Where its socket cannot be seen, this passes between pieces: longer than a delayed ACK takes,
// but no more than so much for all pieces of a send.
constexpr Duration kLongestGap = std::chrono::milliseconds(50);
constexpr Duration kShortestGap = std::chrono::milliseconds(1);
constexpr Duration kAllGaps = std::chrono::seconds(1);

}  // namespace

Task<StepOutcome> send_varied(Session& session, Connection& connection, ByteView octets,
                              Segmentation segmentation, std::optional<Duration> within) {
  auto& loop = session.loop();
  if (segmentation.before > Duration::zero())
    co_await loop.sleep_until(Clock::now() + segmentation.before);
  const auto pieces = pieces_of(octets, segmentation.cuts);
  const auto gap =
      std::clamp(kAllGaps / static_cast<Duration::rep>(pieces.size()), kShortestGap, kLongestGap);
  std::size_t sent = 0;
  bool splits = true;
  for (std::size_t i = 0; i < pieces.size() && splits; ++i) {
    const auto deadline = session.deadline(within);
    const auto delivery = co_await connection.send(pieces[i], deadline);
    auto outcome = judge_delivery(delivery, deadline);
    if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
    sent += pieces[i].size();
    if (i + 1 == pieces.size()) co_return Passed{};
    const auto patience = session.deadline(kPatienceForRead);
    const auto seen = co_await await_read(session, connection, patience);
    if (seen != SeenPiece::kRead) session.note_unshown_split();
    if (seen == SeenPiece::kHidden) co_await loop.sleep_until(Clock::now() + gap);
    splits = seen != SeenPiece::kUnread;
    if (segmentation.between > Duration::zero())
      co_await loop.sleep_until(Clock::now() + segmentation.between);
  }
  const auto deadline = session.deadline(within);
  const auto delivery = co_await connection.send(octets.substr(sent), deadline);
  co_return judge_delivery(delivery, deadline);
}

}  // namespace dialtone
