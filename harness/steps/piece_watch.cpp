#include "harness/steps/piece_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "harness/model/duration.hpp"
#include "harness/model/event.hpp"
#include "harness/steps/session.hpp"

namespace dialtone {
namespace {

// A reader that waits for octets takes them in microseconds; on a busy machine it is not at once
// its turn.
constexpr Duration kPatience = std::chrono::milliseconds(200);

constexpr Duration kLongestGap = std::chrono::milliseconds(50);
constexpr Duration kShortestGap = std::chrono::milliseconds(1);
constexpr Duration kAllGaps = std::chrono::seconds(1);

// Of a peer that ends, the kernel shows no socket any more, a moment before its FIN or RST is here.
constexpr Duration kGoneGrace = std::chrono::milliseconds(200);

/// Since when something is seen, the harness's own stalls not counted: the peer may have stood
/// still with it.
class Since {
 public:
  /// Whether it has been so for that long; it is so from the first call on.
  bool lasts(Loop& loop, Duration length) {
    if (!window_) window_.emplace(loop, length);
    return window_->unwatched(loop) <= Duration::zero();
  }
  void reset() { window_.reset(); }

 private:
  std::optional<Deadline> window_;
};

}  // namespace

Duration gap_between(std::size_t pieces) {
  const auto count = static_cast<Duration::rep>(std::max<std::size_t>(pieces, 1));
  return std::clamp(kAllGaps / count, kShortestGap, kLongestGap);
}

Pace pace_of(Session& session, std::size_t pieces, const std::optional<Duration>& gap) {
  return {std::max(session.budget(kPatience), gap.value_or(Duration::zero())),
          gap.value_or(gap_between(pieces))};
}

PieceWatch::PieceWatch(Session& session, Connection& connection, Pace pace)
    : session_(&session), connection_(&connection), pace_(pace) {
  if (session.has_socket_table()) look();
}

PieceWatch::Look PieceWatch::look() {
  const auto peer_row = session_->peer_row(*connection_);
  if (!peer_row.ok()) return Look::kHidden;
  const auto& row = peer_row.value();
  const bool is_held = row && row->inode != 0;
  if (!is_held && connection_->has_ended_unread()) return Look::kRead;
  if (!row) return Look::kHidden;
  queue_ = row->receive_queue;
  const bool acknowledged = Session::unacknowledged(*connection_) == 0;
  if (queue_ == 0 && acknowledged) return Look::kRead;
  // A kernel whose program does not read delays the acknowledgement, but shows the octets at once.
  if (!acknowledged && queue_ < expected_) return Look::kUnderWay;
  return is_held ? Look::kUnread : Look::kUnaccepted;
}

Task<SeenPiece> PieceWatch::await_read(std::size_t octets, Deadline deadline) {
  auto& session = *session_;
  if (!session.has_socket_table()) co_return SeenPiece::kHidden;
  auto& loop = session.loop();
  const bool was_late = session.leaves_unread(connection_->name());
  const auto grace = session.has_unshown_split() ? Duration::zero() : kGoneGrace;
  const auto patience = was_late ? pace_.gap : pace_.patience;
  expected_ = queue_ + octets;
  Look seen{};
  Since hidden;
  Since unread;
  co_await session.poll(deadline, [&] {
    seen = look();
    if (seen != Look::kHidden) hidden.reset();
    switch (seen) {
      case Look::kRead: return true;
      case Look::kUnread: return unread.lasts(loop, patience);
      case Look::kUnaccepted: return was_late && unread.lasts(loop, patience);
      case Look::kUnderWay: return false;
      case Look::kHidden: return hidden.lasts(loop, grace);
    }
    return true;
  });
  switch (seen) {
    case Look::kRead: co_return SeenPiece::kRead;
    case Look::kUnread:
    case Look::kUnaccepted: note_unread(seen); co_return SeenPiece::kUnread;
    case Look::kUnderWay: co_return SeenPiece::kUndelivered;
    case Look::kHidden: break;
  }
  co_return SeenPiece::kHidden;
}

/// Once for a connection.
void PieceWatch::note_unread(Look seen) {
  if (!session_->note_unread_piece(connection_->name())) return;
  const auto why = seen == Look::kUnaccepted ? "no program has accepted the connection"
                                             : "the peer leaves it in its kernel's queue";
  session_->recorder().add(
      connection_->name(),
      Noted{fmt::format("kernel: of what was sent, {} arrived and not read: {}. What follows "
                        "arrives apart from that, but may be read with it",
                        queue_ == 1 ? "1 octet has" : fmt::format("{} octets have", queue_), why)});
}

}  // namespace dialtone
