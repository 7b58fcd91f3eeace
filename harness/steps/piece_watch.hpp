#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/model/clock.hpp"
#include "harness/net/connection.hpp"
#include "harness/net/task.hpp"

namespace dialtone {

class Session;

/// What the kernel shows of a piece that was sent.
enum class SeenPiece {
  kRead,         ///< the peer has taken it, or has ended and takes nothing more: what follows finds
                 ///< out
  kUnread,       ///< it has arrived, and the peer leaves it in its kernel's queue
  kUndelivered,  ///< it had not arrived by the deadline
  kHidden,       ///< the peer's socket is not to be seen
};

/// How long pieces that have arrived wait for their reader.
struct Pace {
  Duration patience;  ///< on a connection whose peer has read every piece so far
  Duration gap;       ///< once it has left one unread
};

/// The time between so many pieces where nothing tells when the next one may go: longer than a
/// delayed ACK takes, but for all pieces of a send no more than about a second.
Duration gap_between(std::size_t pieces);

/// The patience is that of the harness for a piece, or `gap` where that is longer. `gap`: what the
/// step says; nullopt: gap_between().
Pace pace_of(Session& session, std::size_t pieces, const std::optional<Duration>& gap);

/// Watches the pieces of one send arrive and be read, one after another. A server may leave the
/// first part of a message in its kernel's queue until all of it is there (SO_RCVLOWAT of man 7
/// socket, MSG_PEEK of man 2 recv): what the kernel shows waiting there has come by itself all the
/// same. That is noted in the transcript, and the session knows of it.
class PieceWatch {
 public:
  /// Before the first piece is sent.
  PieceWatch(Session& session, Connection& connection, Pace pace);

  /// After a piece of so many octets was sent: waits until the peer has read all, for as long as
  /// the pace allows. One that has only half-closed goes on to read; one that has not accepted the
  /// connection yet has until the deadline.
  Task<SeenPiece> await_read(std::size_t octets, Deadline deadline);

 private:
  enum class Look { kRead, kUnread, kUnaccepted, kUnderWay, kHidden };
  Look look();
  void note_unread(Look seen);

  Session* session_;
  Connection* connection_;
  Pace pace_;
  std::size_t queue_ = 0;     ///< octets in the peer's queue, as last seen
  std::size_t expected_ = 0;  ///< ... once the piece has arrived, where the peer reads nothing
};

}  // namespace dialtone
