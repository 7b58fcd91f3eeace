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

enum class Seen { kRead, kUnread, kHidden };

/// What is to be seen of the piece that was just sent.
Task<Seen> await_read(Session& session, Connection& connection) {
  bool hidden = !session.has_socket_table();
  const auto settled = [&] {
    const auto read = is_read(session, connection);
    if (!read) hidden = true;
    return hidden || *read;
  };
  const bool passed = hidden || co_await session.poll(session.deadline(kPatienceForRead), settled);
  if (hidden) co_return Seen::kHidden;
  co_return passed ? Seen::kRead : Seen::kUnread;
}

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
    const auto seen = co_await await_read(session, connection);
    if (seen != Seen::kRead) session.note_unshown_split();
    if (seen == Seen::kHidden) co_await loop.sleep_until(Clock::now() + gap);
    splits = seen != Seen::kUnread;
    if (segmentation.between > Duration::zero())
      co_await loop.sleep_until(Clock::now() + segmentation.between);
  }
  const auto deadline = session.deadline(within);
  const auto delivery = co_await connection.send(octets.substr(sent), deadline);
  co_return judge_delivery(delivery, deadline);
}

}  // namespace dialtone
